// style: B3
// says: needs_value

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(name, kind = , stateful)]
impl Shop {}

fn main() {}
