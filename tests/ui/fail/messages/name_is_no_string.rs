// style: I1
// says: not_a_string

use spawn::prelude::*;

#[message(name = Order)]
pub struct Order {}

fn main() {}
