// style: B1
// says: colon_after_key

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(kind: named)]
impl Shop {}

fn main() {}
