// style: I13, B2
// says: given_twice

use spawn::prelude::*;

#[message(name = "ui.Order", name = "ui.Order")]
pub struct Order {}

fn main() {}
