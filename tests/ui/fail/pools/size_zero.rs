// style: B10
// says: not_a_count

use spawn::prelude::*;

#[derive(Default)]
pub struct Mailer;

#[actor(kind = pooled, stateful = false, max_pool_size = 0)]
impl Mailer {}

fn main() {}
