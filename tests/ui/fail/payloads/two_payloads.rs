// style: D2
// says: second_payload

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
    fn create(&mut self, _event: Created, _count: i64) {}
}

fn main() {}
