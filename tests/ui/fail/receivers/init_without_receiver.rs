// style: D1, D13
// says: no_receiver

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[init]
    fn begin() {}
}

fn main() {}
