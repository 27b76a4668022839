// style: C12
// says: route_missing

use spawn::prelude::*;

#[message(name = "ui.Paid")]
pub struct Paid {
    pub order: String,
    pub amount: f64,
}

#[message(name = "ui.Shipped")]
pub struct Shipped {
    pub order: String,
}

#[message(name = "ui.Saga")]
pub struct Saga {
    orders: i64,
}

#[actor(kind = unnamed, channels = [("order.paid", paid), ("order.shipped", shipped)])]
impl Saga {
    #[action(route = order)]
    fn paid(&mut self, _event: Paid) {}

    #[action]
    fn shipped(&mut self, _event: Shipped) {}
}

fn main() {}
