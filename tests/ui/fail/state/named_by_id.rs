// style: E1
// says: E0277

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {}

fn elsewhere(system: System) {
    system.actor_by_id::<Shop>("a");
}

fn main() {}
