// style: C7
// says: bad_channel

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channels = [("**", handle), ("a.#", handle)])]
impl Shop {
    #[action]
    fn handle(&mut self, _event: Created) {}

}

fn main() {}
