use spawn::prelude::*;

#[message(name = "ui.Created")]
pub struct Created {
    pub id: String,
}

#[message(name = "ui.Updated")]
pub struct Updated {
    pub id: String,
}

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
