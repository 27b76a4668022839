// style: C5
// says: wake_of_few

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channels = [("order.events", handle, wake = eager)])]
impl Shop {
    #[action]
    fn handle(&mut self, _event: Created) {}

}

fn main() {}
