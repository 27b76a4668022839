// style: A6
// says: action_and_init

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    #[init]
    fn orders(&mut self) {
        self.orders = 0;
    }
}

fn main() {}
