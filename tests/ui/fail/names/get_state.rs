// style: D10
// says: reserved_action

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action(name = "GetState")]
    fn state(&self) {}
}

fn main() {}
