// style: C9
// says: handler_takes_no_event

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channels = [("order.events", tick)])]
impl Shop {
    #[action]
    fn tick(&mut self, _ctx: &Context) {}
}

fn main() {}
