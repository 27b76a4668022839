use spawn::prelude::*;

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

const FOUR: isize = 4;

#[message(name = "shop.Numbers")]
pub enum Numbers {
    A,
    B = FOUR,
    C = 4294967295,
}

#[message(name = "shop.Tagged")]
pub enum Tagged {
    A,
    #[message(tag = 3)]
    B,
}

#[message(name = "shop.Derived")]
#[derive(Default)]
pub enum Derived {
    A,
    #[default]
    B,
}

fn main() {}
