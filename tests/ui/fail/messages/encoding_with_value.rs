// style: I13
// says: takes_no_value

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    #[message(sint = true)]
    value: i64,
}

fn main() {}
