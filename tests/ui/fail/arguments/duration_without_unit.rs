// style: B11
// says: bad_duration

use spawn::prelude::*;

#[derive(Default)]
pub struct NoUnit;

#[actor(stateful = false, ask_timeout = "30")]
impl NoUnit {}

fn main() {}
