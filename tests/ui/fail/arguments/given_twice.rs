// style: B2
// says: given_twice

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(name = "a", name = "b", stateful = true, stateful = true)]
impl Shop {}

fn main() {}
