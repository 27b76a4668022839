// style: D13
// says: E0277

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[init]
    fn a(&mut self) -> i64 {
        3
    }
}

fn main() {}
