// style: C5
// says: channels_not_a_list

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channels = ("order.events", handle))]
impl Shop {
    #[action]
    fn handle(&mut self, _event: Created) {}

}

fn main() {}
