// style: D13
// says: takes_no_arguments

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[init(name = "x")]
    fn a(&mut self) {}
}

fn main() {}
