// style: B12
// says: retry_not_a_group

use spawn::prelude::*;

#[derive(Default)]
pub struct Number;

#[actor(stateful = false, retry = 3)]
impl Number {}

#[derive(Default)]
pub struct Parentheses;

#[actor(stateful = false, retry = (attempts = 3))]
impl Parentheses {}

fn main() {}
