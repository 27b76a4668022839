use spawn::prelude::*;

#[message(name = "shop.Order")]
pub struct Order(String);

fn main() {}
