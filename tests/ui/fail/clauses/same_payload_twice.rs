// style: D9
// says: duplicate_clause

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

    #[action(name = "OnCreated")]
    fn again(&mut self, _event: Created) {}
}

fn main() {}
