// style: I9
// says: bad_reserved

use spawn::prelude::*;

#[message(name = "ui.A", reserved = 4)]
pub struct A {}

#[message(name = "ui.B", reserved(4,, old))]
pub struct B {}

fn main() {}
