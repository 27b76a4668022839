// style: D6
// says: actor_is_generic

use spawn::prelude::*;

pub struct Basket<T>(T);

#[actor(stateful = false)]
impl<T> Basket<T> {}

fn main() {}
