// style: I9
// says: no_tag_left

use spawn::prelude::*;

#[message(name = "ui.Order", reserved(2..))]
pub struct Order {
    a: i64,
    b: i64,
}

fn main() {}
