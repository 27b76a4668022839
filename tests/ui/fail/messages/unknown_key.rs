// style: I13
// says: unknown_key

use spawn::prelude::*;

#[message(nmae = "ui.Order", name = "ui.Order")]
pub struct Order {}

fn main() {}
