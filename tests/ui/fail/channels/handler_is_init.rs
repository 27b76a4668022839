// style: D13
// says: init_as_handler

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channels = [("order.events", begin)])]
impl Shop {
    #[init]
    fn begin(&mut self) {}
}

fn main() {}
