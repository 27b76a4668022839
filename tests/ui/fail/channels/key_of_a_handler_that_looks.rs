// style: B1
// says: unknown_key

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channel = [("order.events", note)])]
impl Shop {
    #[action]
    fn note(&mut self, _event: &Event) {}
}

fn main() {}
