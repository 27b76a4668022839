// style: D7
// says: qualified_action

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    unsafe fn a(&self) {}
}

fn main() {}
