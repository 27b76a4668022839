// style: I7
// says: tag_of_oneof

use spawn::prelude::*;

#[message(name = "ui.Card")]
pub struct Card {}

#[message(name = "ui.Payment")]
pub enum Payment {
    #[message(tag = 3)]
    Card(Card),
    #[message(tag = 4)]
    Cash(i64),
}

#[message(name = "ui.Order")]
pub struct Order {
    #[message(oneof, tag = 2)]
    tagged: Option<Payment>,
}

fn main() {}
