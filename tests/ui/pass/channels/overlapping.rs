//! Patterns that overlap a channel: each entry delivers.
// style: C8

use spawn::prelude::*;

#[message(name = "pass.overlapping.Shop")]
struct Shop {
    orders: i64,
}

#[actor(channels = [("pass.overlapping.a", handle), ("pass.overlapping.*", handle), ("pass.overlapping.>", handle)])]
impl Shop {
    #[action]
    fn handle(&mut self, _event: i64) {}
}

#[test]
fn every_entry_is_a_subscription() {
    assert_eq!(Shop::definition().channels().len(), 3);
}
