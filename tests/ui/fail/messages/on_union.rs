// style: I14
// says: message_on_other_item

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub union Order {
    a: i64,
    b: f64,
}

fn main() {}
