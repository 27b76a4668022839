//! A channel alone means the action `receive`.
// style: C4, C5

use spawn::prelude::*;

#[message(name = "pass.alone.Shop")]
struct Shop {
    orders: i64,
}

#[actor(channels = ["pass.alone.a", ("pass.alone.b"), ("pass.alone.c", from = start)])]
impl Shop {
    #[action]
    fn receive(&mut self, _event: Event) {}
}

#[test]
fn every_entry_is_a_subscription() {
    assert_eq!(Shop::definition().channels().len(), 3);
}
