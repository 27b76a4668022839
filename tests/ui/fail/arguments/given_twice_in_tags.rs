// style: B2
// says: given_twice

use spawn::prelude::*;

#[derive(Default)]
pub struct Mailer;

#[actor(stateful = false, tags = { region = "eu", region = "us" })]
impl Mailer {}

fn main() {}
