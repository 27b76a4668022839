// style: E1
// says: E0277

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(kind = unnamed)]
impl Shop {}

fn elsewhere(system: System) {
    system.actor::<Shop>();
}

fn main() {}
