// style: D14
// says: E0609

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
    #[action(route = order)]
    fn paid(&mut self, _event: Event) {}
}

fn main() {}
