// style: D5
// says: borrowed_response

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn a(&self) -> &i64 {
        &self.orders
    }

    #[action]
    fn b(&self) -> &str {
        "b"
    }
}

fn main() {}
