// style: A6
// says: helper_given_twice

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[init]
    #[init]
    fn orders(&mut self) {
        self.orders = 0;
    }
}

fn main() {}
