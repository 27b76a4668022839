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

#[actor(state_type = Shop, snapshot_interval = "2s", kind: named)]
impl Shop {}

fn main() {}
