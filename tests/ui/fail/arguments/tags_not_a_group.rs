// style: B12
// says: tags_not_a_group

use spawn::prelude::*;

#[derive(Default)]
pub struct Mailer;

#[actor(stateful = false, tags = "eu")]
impl Mailer {}

fn main() {}
