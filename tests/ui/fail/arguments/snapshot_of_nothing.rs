// style: B11
// says: saves_nothing

use spawn::prelude::*;

#[derive(Default)]
pub struct Mailer;

#[actor(stateful = false, snapshot_timeout = "5s")]
impl Mailer {}

fn main() {}
