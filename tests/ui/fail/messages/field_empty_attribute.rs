// style: I13
// says: empty_attribute

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    #[message]
    a: i64,
}

fn main() {}
