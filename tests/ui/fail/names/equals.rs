// style: D11
// says: arguments_after_equals

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action = "x"]
    fn b(&self) {}
}

fn main() {}
