// style: F5
// says: not_a_path

use spawn::prelude::*;

#[derive(Default)]
pub struct Quoted;

#[actor(stateful = false, crate = "spawn")]
impl Quoted {}

#[derive(Default)]
pub struct Number;

#[actor(stateful = false, crate = 3)]
impl Number {}

fn main() {}
