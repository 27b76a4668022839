// style: D6
// says: actor_is_generic

use spawn::prelude::*;

pub struct Basket<'a>(&'a str);

#[actor(stateful = false)]
impl<'a> Basket<'a> {}

fn main() {}
