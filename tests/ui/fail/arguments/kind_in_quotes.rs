// style: B7
// says: unknown_kind

use spawn::prelude::*;

#[derive(Default)]
pub struct Quoted;

#[actor(stateful = false, kind = "unnamed")]
impl Quoted {}

#[derive(Default)]
pub struct Atom;

#[actor(stateful = false, kind = :unnamed)]
impl Atom {}

fn main() {}
