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
    extern "C" fn c(&self) {}
}

fn main() {}
