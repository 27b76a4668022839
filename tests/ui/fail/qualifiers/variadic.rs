// style: D7
// says: E0658, "not supported for non-extern functions"

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn c(&self, _rest: ...) {}
}

fn main() {}
