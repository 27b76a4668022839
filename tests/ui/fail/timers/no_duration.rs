// style: D12
// says: not_a_duration

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action(timer = soon)]
    fn tick(&mut self) {}
}

fn main() {}
