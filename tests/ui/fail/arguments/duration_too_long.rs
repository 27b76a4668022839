// style: B11
// says: bad_duration

use spawn::prelude::*;

#[derive(Default)]
pub struct TooLong;

#[actor(stateful = false, ask_timeout = "99999999999h")]
impl TooLong {}

fn main() {}
