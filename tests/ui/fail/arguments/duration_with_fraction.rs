// style: B11
// says: bad_duration

use spawn::prelude::*;

#[derive(Default)]
pub struct Fraction;

#[actor(stateful = false, ask_timeout = "1.5s")]
impl Fraction {}

fn main() {}
