// style: I9
// says: tag_reserved_twice, name_reserved_twice

use spawn::prelude::*;

#[message(name = "ui.Order", reserved(2, 5..=7, 7..9, 2, "old", "old"))]
pub struct Order {}

fn main() {}
