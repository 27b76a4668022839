// style: C5
// says: unknown_key

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channels = [("order.events", handle, form = start)])]
impl Shop {
    #[action]
    fn handle(&mut self, _event: Created) {}

}

fn main() {}
