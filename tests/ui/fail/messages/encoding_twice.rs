// style: I13
// says: two_encodings, given_twice

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    #[message(sint, fixed)]
    both: i64,
    #[message(sint, sint)]
    twice: i64,
    #[message(fixed)]
    #[message(fixed)]
    again: i64,
}

fn main() {}
