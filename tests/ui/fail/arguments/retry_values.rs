// style: B12
// says: not_a_count, zero_duration

use spawn::prelude::*;

#[derive(Default)]
pub struct Attempts;

#[actor(stateful = false, retry = { attempts = 0 })]
impl Attempts {}

#[derive(Default)]
pub struct Backoff;

#[actor(stateful = false, retry = { backoff = "0s" })]
impl Backoff {}

fn main() {}
