// style: A2
// says: E0197

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
unsafe impl Shop {}

fn main() {}
