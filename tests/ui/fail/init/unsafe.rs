// style: D7, D13
// says: qualified_action

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[init]
    unsafe fn a(&mut self) {}
}

fn main() {}
