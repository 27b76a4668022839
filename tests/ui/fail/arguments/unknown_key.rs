// style: B1
// says: unknown_key

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(nmae = "shop")]
impl Shop {}

fn main() {}
