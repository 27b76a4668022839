use spawn::prelude::*;
use std::collections::*;
use std::time::*;

#[message(name = "x.Card")]
pub struct Card {
    number: String,
}

#[message(name = "x.Payment")]
pub enum Payment {
    #[message(tag = 4)]
    Card(Card),
    #[message(tag = 7, sint)]
    Cash(i64),
    #[message(tag = 2)]
    Free,
}
#[message(name = "x.One")]
pub enum One {
    Only(String),
}

#[message(name = "x.Order")]
pub struct Order {
    #[message(tag = 5, fixed)]
    fixed: Option<u64>,
    #[message(tag = 6, keys = sint, fixed)]
    map: HashMap<i32, i64>,
    #[message(oneof)]
    payment: Option<Payment>,
    #[message(tag = 3)]
    nested: Vec<Payment>,
    #[message(tag = 8)]
    at: SystemTime,
    #[message(tag = 9)]
    took: Option<Duration>,
}
