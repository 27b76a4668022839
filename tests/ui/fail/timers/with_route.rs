// style: D12
// says: timer_with_route

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(kind = unnamed)]
impl Shop {
    #[action(timer = "1s", route = id)]
    fn tick(&mut self) {}
}

fn main() {}
