use spawn::prelude::*;

#[message(name = "shop.Data")]
pub enum Data {
    A,
    B(i64),
}

#[message(name = "shop.Empty")]
pub enum Empty {}

#[message(name = "shop.NoZero")]
pub enum NoZero {
    A = 1,
    B,
}

#[message(name = "shop.Twice")]
pub enum Twice {
    A,
    B = 0,
}

fn main() {}
