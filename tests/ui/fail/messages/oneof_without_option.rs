// style: I7
// says: E0277

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
    #[message(oneof)]
    bare: Payment,
}

fn main() {}
