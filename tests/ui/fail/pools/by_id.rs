// style: E1
// says: E0277

use spawn::prelude::*;

#[derive(Default)]
pub struct Mailer;

#[actor(kind = pooled, stateful = false)]
impl Mailer {}

fn elsewhere(system: System) {
    system.actor_by_id::<Mailer>("a");
}

fn main() {}
