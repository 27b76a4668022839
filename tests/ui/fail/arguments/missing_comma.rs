// style: B5
// says: missing_comma

use spawn::prelude::*;

#[derive(Default)]
pub struct Comma;

#[actor(stateful = false, name = "comma" kind = unnamed)]
impl Comma {}

fn main() {}
