// style: I2
// says: field_is_a_tuple

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    a: (i64, String),
}

fn main() {}
