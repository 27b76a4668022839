// style: B10
// says: timer_of_pool

use spawn::prelude::*;

#[derive(Default)]
pub struct Mailer;

#[actor(kind = pooled, stateful = false)]
impl Mailer {
    #[action(timer = "30s")]
    fn send_what_waits(&mut self) {}
}

fn main() {}
