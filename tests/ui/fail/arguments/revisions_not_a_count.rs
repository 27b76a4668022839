// style: B5
// says: not_a_count

use spawn::prelude::*;

#[message(name = "ui.None")]
pub struct None {
    orders: i64,
}

#[actor(revisions = 0)]
impl None {}

#[message(name = "ui.TooMany")]
pub struct TooMany {
    orders: i64,
}

#[actor(revisions = 1_025)]
impl TooMany {}

#[message(name = "ui.Text")]
pub struct Text {
    orders: i64,
}

#[actor(revisions = "16")]
impl Text {}

fn main() {}
