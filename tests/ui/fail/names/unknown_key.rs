// style: D11
// says: unknown_key

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action(nme = "x")]
    fn a(&self) {}

    #[action(tmer = "1s")]
    fn b(&self) {}
}

fn main() {}
