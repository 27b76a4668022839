// style: B9
// says: shared_state

use spawn::prelude::*;

#[message(name = "ui.Mailer")]
pub struct Mailer {
    sent: i64,
}

#[actor(kind = pooled, stateful = true)]
impl Mailer {}

fn main() {}
