// style: D14
// says: route_of_one

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

#[actor(channels = [("order.paid", paid)])]
impl Saga {
    #[action(route = order)]
    fn paid(&mut self, _event: Paid) {}
}

fn main() {}
