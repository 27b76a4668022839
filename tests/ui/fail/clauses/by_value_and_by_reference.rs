// style: D9
// says: duplicate_clause

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channels = ["order.events"])]
impl Shop {
    #[action]
    fn receive(&mut self, _event: Event) {}

    #[action(name = "receive")]
    fn look(&mut self, _event: &Event) {}
}

fn main() {}
