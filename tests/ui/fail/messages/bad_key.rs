use spawn::prelude::*;

use std::collections::HashMap;

#[message(name = "shop.Order")]
pub struct Order {
    prices: HashMap<Line, i64>,
}

#[derive(Eq, Hash, PartialOrd, Ord)]
#[message(name = "shop.Line")]
pub struct Line {}

fn main() {}
