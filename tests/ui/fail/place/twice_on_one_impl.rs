// style: A5
// says: actor_given_twice

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
#[actor]
impl Shop {}

fn main() {}
