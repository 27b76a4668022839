// style: D12
// says: timer_with_payload

use spawn::prelude::*;

#[message(name = "ui.Created")]
pub struct Created {
    pub id: String,
}

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action(timer = "1s")]
    fn tick(&mut self, _event: Created) {}
}

fn main() {}
