// style: B10
// says: not_a_pool

use spawn::prelude::*;

#[derive(Default)]
pub struct Mailer;

#[actor(stateful = false, max_pool_size = 8)]
impl Mailer {}

#[derive(Default)]
pub struct Export;

#[actor(kind = task, stateful = false, min_pool_size = 2, max_pool_size = 8)]
impl Export {}

fn main() {}
