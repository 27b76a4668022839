// style: B5
// says: not_a_bool

use spawn::prelude::*;

#[message(name = "ui.Quoted")]
pub struct Quoted {}

#[actor(stateful = "false")]
impl Quoted {}

#[message(name = "ui.Number")]
pub struct Number {}

#[actor(stateful = 0)]
impl Number {}

fn main() {}
