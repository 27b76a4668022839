use spawn::prelude::*;

#[message(name = "ui.Paid")]
pub struct Paid {
    pub order: String,
    pub amount: f64,
}

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(
    channels = [
        ("order.a", paid, from = begin),
        ("order.b", paid, frm = start),
        ("order.c", paid, from = start, from = now),
        ("order.d", paid, wake = eager),
    ],
)]
impl Shop {
    #[action]
    fn paid(&mut self, _event: Paid) {}
}

#[message(name = "ui.Each")]
pub struct Each {
    orders: i64,
}

#[actor(kind = unnamed, channels = [("order.a", paid, wake = early)])]
impl Each {
    #[action]
    fn paid(&mut self, _event: Paid) {}
}

#[message(name = "ui.Saga")]
pub struct Saga {
    orders: i64,
}

#[actor(kind = unnamed, channels = [("order.a", paid, wake = eager)])]
impl Saga {
    #[action(route = order)]
    fn paid(&mut self, _event: Paid) {}
}

fn main() {}
