use spawn::prelude::*;

#[message(nmae = "shop.Order")]
pub struct Order {}

fn main() {}
