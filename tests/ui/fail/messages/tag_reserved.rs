// style: I9
// says: tag_is_reserved

use spawn::prelude::*;

#[message(name = "ui.Order", reserved(2, 5..=7, 100..))]
pub struct Order {
    #[message(tag = 2)]
    a: i64,
    #[message(tag = 4000)]
    b: i64,
}

fn main() {}
