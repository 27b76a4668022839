// style: D9
// says: duplicate_clause

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn receive(&mut self, _event: Event) {}

    #[action(name = "receive")]
    fn again(&mut self, _event: Event) {}
}

fn main() {}
