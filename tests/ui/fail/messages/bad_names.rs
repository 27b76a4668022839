// style: I1
// says: bad_message_name

use spawn::prelude::*;

#[message(name = "")]
pub struct A {}

#[message(name = "a b")]
pub struct B {}

#[message(name = ".a")]
pub struct C {}

#[message(name = "1a.B")]
pub struct D {}

fn main() {}
