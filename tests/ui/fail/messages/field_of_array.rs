// style: I2
// says: field_type

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    a: [u8; 32],
}

fn main() {}
