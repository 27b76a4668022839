// style: I8
// says: E0081

use spawn::prelude::*;

#[message(name = "ui.Twice")]
pub enum Twice {
    A,
    B = 0,
}

fn main() {}
