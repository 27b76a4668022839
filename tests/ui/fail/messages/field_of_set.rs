// style: I2
// says: field_type

use std::collections::HashSet;

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    a: HashSet<String>,
}

fn main() {}
