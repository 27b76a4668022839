// style: B6
// says: bad_actor_name

use spawn::prelude::*;

#[derive(Default)]
pub struct Blank;

#[actor(stateful = false, name = "my shop")]
impl Blank {}

#[derive(Default)]
pub struct Control;

#[actor(stateful = false, name = "shop\n")]
impl Control {}

#[derive(Default)]
pub struct Slash;

#[actor(stateful = false, name = "eu/shop")]
impl Slash {}

fn main() {}
