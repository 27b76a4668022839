// style: I8
// says: attribute_on_enumeration

use spawn::prelude::*;

#[message(name = "ui.Tagged")]
pub enum Tagged {
    A,
    #[message(tag = 3)]
    B,
}

fn main() {}
