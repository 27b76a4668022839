// style: I9
// says: reserved_tag_out_of_range

use spawn::prelude::*;

#[message(name = "ui.Order", reserved(0, 536870912))]
pub struct Order {}

fn main() {}
