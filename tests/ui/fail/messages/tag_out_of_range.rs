// style: I9
// says: tag_out_of_range

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    #[message(tag = 0)]
    a: i64,
    #[message(tag = 19500)]
    b: i64,
    #[message(tag = 536870912)]
    c: i64,
    #[message(tag = "4")]
    d: i64,
}

fn main() {}
