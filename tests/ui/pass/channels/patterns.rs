//! Patterns.
// style: C7

use spawn::prelude::*;

#[message(name = "pass.patterns.Shop")]
struct Shop {
    orders: i64,
}

#[actor(channels = [("pass.patterns.*", handle), ("pass.patterns.>", handle), ("*.pass", handle), ("pass.patterns.*.c", handle), ("*", handle), (">", handle)])]
impl Shop {
    #[action]
    fn handle(&mut self, _event: i64) {}
}

#[test]
fn every_entry_is_a_subscription() {
    assert_eq!(Shop::definition().channels().len(), 6);
}
