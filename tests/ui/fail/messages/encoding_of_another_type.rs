// style: I13
// says: E0277

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    #[message(sint)]
    text: String,
    #[message(fixed)]
    bytes: Vec<u8>,
}

fn main() {}
