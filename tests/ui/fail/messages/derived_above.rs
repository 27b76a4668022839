use spawn::prelude::*;

#[derive(Clone)]
#[message(name = "shop.Order")]
pub struct Order {
    id: String,
}

fn main() {}
