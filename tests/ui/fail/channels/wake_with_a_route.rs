// style: C5
// says: wake_of_few

use spawn::prelude::*;

#[message(name = "ui.Created")]
pub struct Created {
    pub id: String,
}

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(kind = unnamed, channels = [("order.events", handle, wake = eager)])]
impl Shop {
    #[action(route = id)]
    fn handle(&mut self, _event: Created) {}
}

fn main() {}
