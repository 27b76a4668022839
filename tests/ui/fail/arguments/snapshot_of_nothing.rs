use spawn::prelude::*;

#[derive(Default)]
pub struct Mailer {}

#[actor(stateful = false, snapshot_timeout = "5s")]
impl Mailer {}

#[derive(Default)]
pub struct Other {}

#[actor(snapshot_timeout = soon, stateful = false)]
impl Other {}

fn main() {}
