use spawn::prelude::*;

#[message(name = "shop.Order")]
pub struct Order {
    a: u8,
    b: usize,
    c: char,
    d: i128,
    e: &str,
    f: Option<Option<i64>>,
    g: Vec<Option<i64>>,
    h: Vec<u16>,
}

fn main() {}
