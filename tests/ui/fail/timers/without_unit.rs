// style: D12
// says: bad_duration

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action(timer = "30")]
    fn tick(&mut self) {}
}

fn main() {}
