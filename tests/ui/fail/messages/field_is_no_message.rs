use spawn::prelude::*;

pub struct Plain;

#[message(name = "shop.Order")]
pub struct Order {
    plain: Plain,
    many: Vec<Plain>,
}

fn main() {}
