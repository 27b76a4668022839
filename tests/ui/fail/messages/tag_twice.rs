// style: I9
// says: tag_given_twice

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    #[message(tag = 1)]
    a: i64,
    #[message(tag = 1)]
    b: i64,
}

fn main() {}
