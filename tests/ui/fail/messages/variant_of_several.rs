// style: I7
// says: variant_is_not_one_value

use spawn::prelude::*;

#[message(name = "ui.Payment")]
pub enum Payment {
    Card { number: String },
    Cash(i64, String),
    Cheque(),
}

fn main() {}
