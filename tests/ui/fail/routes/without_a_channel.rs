// style: D14
// says: route_without_channel

use spawn::prelude::*;

#[message(name = "ui.Paid")]
pub struct Paid {
    pub order: String,
    pub amount: f64,
}

#[message(name = "ui.Saga")]
pub struct Saga {
    orders: i64,
}

#[actor(kind = unnamed)]
impl Saga {
    #[action(route = order)]
    fn paid(&mut self, _event: Paid) {}
}

fn main() {}
