// style: I9
// says: empty_range

use spawn::prelude::*;

#[message(name = "ui.Order", reserved(7..=5, 5..5))]
pub struct Order {}

fn main() {}
