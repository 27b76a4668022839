// style: D1
// says: owned_receiver

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn a(self) {}

    #[action]
    fn b(mut self) {
        self.orders = 1;
    }
}

fn main() {}
