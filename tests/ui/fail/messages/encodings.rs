use std::collections::HashMap;

use spawn::prelude::*;

#[message(name = "shop.Card")]
pub struct Card {}

#[message(name = "shop.Order")]
pub struct Order {
    #[message(sint)]
    text: String,
    #[message(sint)]
    unsigned: u32,
    #[message(fixed)]
    cards: Vec<Card>,
    #[message(fixed)]
    bytes: Vec<u8>,
    #[message(keys = sint)]
    by_name: HashMap<String, i64>,
    #[message(keys = fixed)]
    no_map: i64,
}

#[message(name = "shop.Keys")]
pub struct Keys {
    #[message(sint, fixed)]
    both: i64,
    #[message(sint, sint)]
    twice: i64,
    #[message(sint = true)]
    value: i64,
    #[message(keys = "sint")]
    quoted: HashMap<i32, i64>,
    #[message(keys)]
    missing: HashMap<i32, i64>,
    #[message(sintt)]
    near: i64,
    #[message]
    empty: i64,
    #[message(fixed)]
    #[message(fixed)]
    again: i64,
}

fn main() {}
