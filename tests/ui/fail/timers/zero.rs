// style: D12
// says: zero_duration

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action(timer = "0s")]
    fn tick(&mut self) {}
}

fn main() {}
