// style: C5
// says: not_a_channel_entry

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channels = [("order.events" note)])]
impl Shop {
    #[action]
    fn note(&mut self, _event: &Event) {}
}

fn main() {}
