// style: B11
// says: bad_duration, not_a_duration

use spawn::prelude::*;

#[derive(Default)]
pub struct Text;

#[actor(stateful = false, ask_timeout = "-1s")]
impl Text {}

#[derive(Default)]
pub struct Number;

#[actor(stateful = false, ask_timeout = -5)]
impl Number {}

fn main() {}
