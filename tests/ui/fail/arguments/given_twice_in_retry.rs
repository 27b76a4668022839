// style: B2
// says: given_twice

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(retry = { attempts = 3, attempts = 4 })]
impl Shop {}

fn main() {}
