// style: B12
// says: backoff_shrinks

use spawn::prelude::*;

#[derive(Default)]
pub struct Shrinks;

#[actor(stateful = false, retry = { backoff = "10s", max_backoff = "1s" })]
impl Shrinks {}

fn main() {}
