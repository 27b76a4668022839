// style: B3
// says: empty_argument

use spawn::prelude::*;

#[derive(Default)]
pub struct Comma;

#[actor(stateful = false, , name = "comma")]
impl Comma {}

fn main() {}
