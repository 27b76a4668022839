// style: B9
// says: shared_state

use spawn::prelude::*;

#[derive(Default)]
pub struct Export;

#[actor(kind = task)]
impl Export {}

fn main() {}
