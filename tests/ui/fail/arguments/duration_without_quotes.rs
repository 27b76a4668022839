// style: B11
// says: not_a_duration

use spawn::prelude::*;

#[derive(Default)]
pub struct Bare;

#[actor(stateful = false, deactivate_timeout = 30s)]
impl Bare {}

#[derive(Default)]
pub struct Word;

#[actor(stateful = false, deactivate_timeout = soon)]
impl Word {}

fn main() {}
