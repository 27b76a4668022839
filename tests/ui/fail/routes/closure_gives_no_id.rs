// style: D14
// says: E0277

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

#[actor(kind = unnamed, channels = [("order.paid", paid)])]
impl Saga {
    #[action(route = |event| Some(event.order.clone()))]
    fn paid(&mut self, _event: Paid) {}
}

fn main() {}
