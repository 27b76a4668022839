// style: B10
// says: route_of_one

use spawn::prelude::*;

#[message(name = "ui.Paid")]
pub struct Paid {
    order_id: String,
}

#[derive(Default)]
pub struct Mailer;

#[actor(kind = pooled, stateful = false, channels = [("orders.paid", thank)])]
impl Mailer {
    #[action(route = order_id)]
    fn thank(&mut self, _event: Paid) {}
}

fn main() {}
