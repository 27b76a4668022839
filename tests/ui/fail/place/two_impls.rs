// style: A5
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

#[actor]
impl Shop {
    #[action]
    fn create(&mut self, _event: Created) {}
}

#[actor]
impl Shop {
    #[action]
    fn update(&mut self, _event: Created) {}
}

fn main() {}
