use std::collections::HashMap;

use spawn::prelude::*;

#[message(name = "shop.Card")]
pub struct Card {}

#[message(name = "shop.Payment")]
pub enum Payment {
    #[message(tag = 3)]
    Card(Card),
    #[message(tag = 4)]
    Cash(i64),
}

#[message(name = "shop.Order")]
pub struct Order {
    #[message(oneof)]
    bare: Payment,
    #[message(oneof)]
    card: Option<Card>,
    #[message(oneof)]
    many: Vec<Payment>,
    #[message(oneof)]
    map: HashMap<i64, Payment>,
}

#[message(name = "shop.Encoded")]
pub struct Encoded {
    #[message(oneof, sint)]
    encoded: Option<Payment>,
}

#[message(name = "shop.Options")]
pub struct Options {
    id: String,
    #[message(oneof, tag = 2)]
    tagged: Option<Payment>,
    #[message(oneof = 3)]
    value: i64,
    #[message(tag = 1)]
    first: String,
    last: String,
}

fn main() {}
