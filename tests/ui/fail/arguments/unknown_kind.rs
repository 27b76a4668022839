// style: B7
// says: unknown_kind

use spawn::prelude::*;

#[derive(Default)]
pub struct Near;

#[actor(stateful = false, kind = unamed)]
impl Near {}

#[derive(Default)]
pub struct Far;

#[actor(stateful = false, kind = blue)]
impl Far {}

fn main() {}
