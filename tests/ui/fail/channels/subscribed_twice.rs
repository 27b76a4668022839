// style: C8
// says: channel_given_twice

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channels = [("order.events", handle), ("order.events", "Handle")])]
impl Shop {
    #[action]
    fn handle(&mut self, _event: Created) {}

}

fn main() {}
