// style: E1
// says: E0277

use spawn::prelude::*;

pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn orders(&self) -> i64 {
        self.orders
    }
}

fn main() {}
