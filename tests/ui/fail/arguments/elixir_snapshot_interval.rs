// style: B1
// says: unknown_key

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(snapshot_interval = "2s")]
impl Shop {}

fn main() {}
