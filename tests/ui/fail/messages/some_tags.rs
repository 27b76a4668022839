// style: I10
// says: some_tags

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    #[message(tag = 3)]
    a: i64,
    b: i64,
}

fn main() {}
