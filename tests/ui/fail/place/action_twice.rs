// style: A6
// says: helper_given_twice

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    #[action]
    fn orders(&self) -> i64 {
        self.orders
    }
}

fn main() {}
