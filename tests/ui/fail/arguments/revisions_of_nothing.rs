// style: B5
// says: saves_nothing

use spawn::prelude::*;

#[derive(Default)]
pub struct Mailer;

#[actor(stateful = false, revisions = 4)]
impl Mailer {}

fn main() {}
