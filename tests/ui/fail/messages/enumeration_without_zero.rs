// style: I8
// says: enum_without_zero

use spawn::prelude::*;

#[message(name = "ui.NoZero")]
pub enum NoZero {
    A = 1,
    B,
}

fn main() {}
