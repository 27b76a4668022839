// style: B11
// says: bad_duration

use spawn::prelude::*;

#[derive(Default)]
pub struct Unknown;

#[actor(stateful = false, ask_timeout = "1x")]
impl Unknown {}

fn main() {}
