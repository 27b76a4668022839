// style: B12
// says: unknown_key

use spawn::prelude::*;

#[derive(Default)]
pub struct Near;

#[actor(stateful = false, retry = { attemps = 3 })]
impl Near {}

#[derive(Default)]
pub struct Far;

#[actor(stateful = false, retry = { times = 3 })]
impl Far {}

fn main() {}
