//! What an entry can say beside its handler.
// style: C5

use spawn::prelude::*;

#[message(name = "pass.options.Shop")]
struct Shop {
    orders: i64,
}

#[actor(kind = unnamed, channels = [("pass.options.a", handle, from = start), ("pass.options.b", handle, wake = eager, from = now), ("pass.options.c", handle, wake = lazy)])]
impl Shop {
    #[action]
    fn handle(&mut self, _event: i64) {}
}

#[test]
fn every_entry_is_a_subscription() {
    assert_eq!(Shop::definition().channels().len(), 3);
}
