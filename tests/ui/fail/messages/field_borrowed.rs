// style: I5
// says: field_is_borrowed

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    a: &str,
}

fn main() {}
