// style: B10
// says: pool_shrinks

use spawn::prelude::*;

#[derive(Default)]
pub struct Mailer;

#[actor(kind = pooled, stateful = false, min_pool_size = 4, max_pool_size = 2)]
impl Mailer {}

fn main() {}
