// style: I8
// says: enum_is_empty

use spawn::prelude::*;

#[message(name = "ui.Empty")]
pub enum Empty {}

fn main() {}
