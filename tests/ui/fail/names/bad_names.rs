// style: D11
// says: bad_action_name

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action(name = "")]
    fn a(&self) {}

    #[action(name = "d e")]
    fn b(&self) {}

    #[action(name = "1st")]
    fn c(&self) {}
}

fn main() {}
