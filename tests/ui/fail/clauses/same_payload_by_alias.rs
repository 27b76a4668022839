// style: D9
// says: E0119

use spawn::prelude::*;

#[message(name = "ui.Created")]
pub struct Created {
    pub id: String,
}

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

type Alias = Created;

#[actor]
impl Shop {
    #[action]
    fn on_created(&mut self, _event: Created) {}

    #[action(name = "on_created")]
    fn again(&mut self, _event: Alias) {}
}

fn main() {}
