//! Which instance gets an event.
// style: D14

use spawn::prelude::*;

#[message(name = "pass.routes.Paid")]
struct Paid {
    order: String,
    number: u32,
}

#[message(name = "pass.routes.Shop")]
struct Shop {
    orders: i64,
}

#[actor(kind = unnamed, channels = [("pass.routes.a", by_text), ("pass.routes.b", by_number), ("pass.routes.c", by_both), ("pass.routes.d", any)])]
impl Shop {
    #[action(route = order)]
    fn by_text(&mut self, _event: Paid) {}

    #[action(route = number)]
    fn by_number(&mut self, _event: Paid) {}

    #[action(route = |paid: &Paid| format!("{}-{}", paid.order, paid.number))]
    fn by_both(&mut self, _event: Paid) {}

    #[action(route = |event: &Event| event.publisher().map_or("none", |it| it.name()).to_owned())]
    fn any(&mut self, _event: Event) {}
}

#[test]
fn every_entry_has_a_route() {
    assert!(Shop::definition().channels().iter().all(|channel| channel.is_routed()));
}
