// style: I8
// says: enum_value_unknown

use spawn::prelude::*;

const FOUR: isize = 4;

#[message(name = "ui.Numbers")]
pub enum Numbers {
    A,
    B = FOUR,
    C = 4294967295,
}

fn main() {}
