// style: C1
// says: not_an_action

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channels = [("order.events", receive_payment)])]
impl Shop {
    #[action]
    fn handle(&mut self, _event: Created) {}

}

fn main() {}
