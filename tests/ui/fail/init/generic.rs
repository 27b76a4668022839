// style: D6, D13
// says: generic_action

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[init]
    fn a<T>(&mut self) {}
}

fn main() {}
