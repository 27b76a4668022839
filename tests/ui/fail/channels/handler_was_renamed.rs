// style: C3
// says: not_an_action

use spawn::prelude::*;

#[message(name = "ui.Created")]
pub struct Created {
    pub id: String,
}

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channels = [("order.events", handle)])]
impl Shop {
    #[action(name = "on_order")]
    fn handle(&mut self, _event: Created) {}
}

fn main() {}
