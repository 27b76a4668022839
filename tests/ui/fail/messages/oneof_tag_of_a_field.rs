// style: I7
// says: E0080

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
    #[message(tag = 3)]
    note: String,
    #[message(oneof)]
    payment: Option<Payment>,
}

fn main() {}
