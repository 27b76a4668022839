// style: I
// says: enum_is_empty

use spawn::prelude::*;

#[message(name = "ui.Empty")]
pub enum Empty {}

fn main() {}
