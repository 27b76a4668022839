// style: I7
// says: encoding_of_unit

use spawn::prelude::*;

#[message(name = "ui.Payment")]
pub enum Payment {
    A(i64),
    #[message(sint)]
    B,
}

fn main() {}
