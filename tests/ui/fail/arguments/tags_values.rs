// style: B12
// says: not_a_string, needs_value

use spawn::prelude::*;

#[derive(Default)]
pub struct Mailer;

#[actor(stateful = false, tags = { region = "eu", tier = 1, since })]
impl Mailer {}

fn main() {}
