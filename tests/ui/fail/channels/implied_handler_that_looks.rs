// style: C6
// says: bad_channel

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channels = ["order..events"])]
impl Shop {
    #[action]
    fn receive(&mut self, _event: &Event) {}
}

fn main() {}
