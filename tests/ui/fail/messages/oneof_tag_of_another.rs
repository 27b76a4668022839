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

#[message(name = "ui.Refund")]
pub enum Refund {
    #[message(tag = 4)]
    Voucher(String),
}

#[message(name = "ui.Order")]
pub struct Order {
    #[message(oneof)]
    payment: Option<Payment>,
    #[message(oneof)]
    refund: Option<Refund>,
}

fn main() {}
