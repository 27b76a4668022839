// style: B9
// says: shared_state

use spawn::prelude::*;

#[derive(Default)]
pub struct Mailer;

#[actor(kind = pooled, min_pool_size = 2)]
impl Mailer {}

fn main() {}
