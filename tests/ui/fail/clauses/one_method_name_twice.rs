// style: D10
// says: E0592

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
    #[action]
    fn on_created(&mut self, _event: Created) {}

    #[action]
    fn on_created(&mut self, _count: i64) {}
}

fn main() {}
