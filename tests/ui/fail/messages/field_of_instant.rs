// style: I2
// says: field_type

use std::time::Instant;

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    a: Option<Instant>,
}

fn main() {}
