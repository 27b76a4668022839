//! An empty list.
// style: C5

use spawn::prelude::*;

#[message(name = "pass.none.Shop")]
struct Shop {
    orders: i64,
}

#[actor(channels = [])]
impl Shop {
    #[action]
    fn handle(&mut self, _event: i64) {}
}

#[test]
fn every_entry_is_a_subscription() {
    assert_eq!(Shop::definition().channels().len(), 0);
}
