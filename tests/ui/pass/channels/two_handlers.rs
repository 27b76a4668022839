//! A channel with two handlers.
// style: C8

use spawn::prelude::*;

#[message(name = "pass.two_handlers.Shop")]
struct Shop {
    orders: i64,
}

#[actor(channels = [("pass.two_handlers.a", first), ("pass.two_handlers.a", second)])]
impl Shop {
    #[action]
    fn first(&mut self, _event: i64) {}

    #[action]
    fn second(&mut self, _event: i64) {}
}

#[test]
fn every_entry_is_a_subscription() {
    assert_eq!(Shop::definition().channels().len(), 2);
}
