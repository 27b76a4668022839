// style: B11
// says: zero_duration

use spawn::prelude::*;

#[derive(Default)]
pub struct Text;

#[actor(stateful = false, ask_timeout = "0s")]
impl Text {}

#[derive(Default)]
pub struct Number;

#[actor(stateful = false, deactivate_timeout = 0)]
impl Number {}

fn main() {}
