use std::collections::{HashMap, HashSet};
use std::time::Instant;

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
    i: [u8; 32],
    j: (i64, String),
    k: HashSet<String>,
    l: Option<Instant>,
    m: HashMap<String, Vec<i64>>,
}

fn main() {}
