// style: D13
// says: second_init

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[init]
    fn a(&mut self) {}

    #[init]
    fn b(&mut self) {}
}

fn main() {}
