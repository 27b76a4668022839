// style: F5
// says: E0432

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(crate = actors)]
impl Shop {
    #[action]
    fn orders(&self) -> i64 {
        self.orders
    }
}

fn main() {}
