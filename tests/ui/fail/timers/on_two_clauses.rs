// style: D12
// says: duplicate_clause

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action(timer = "1s")]
    fn tick(&mut self) {}

    #[action(name = "tick", timer = "2s")]
    fn tock(&mut self) {}
}

fn main() {}
