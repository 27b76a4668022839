// style: B6
// says: bad_actor_name

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(name = "")]
impl Shop {}

fn main() {}
