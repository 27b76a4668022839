//! A handler that is an identifier.
// style: C3

use spawn::prelude::*;

#[message(name = "pass.identifier.Shop")]
struct Shop {
    orders: i64,
}

#[actor(channels = [("pass.identifier.a", handle)])]
impl Shop {
    #[action]
    fn handle(&mut self, _event: i64) {}
}

#[test]
fn every_entry_is_a_subscription() {
    assert_eq!(Shop::definition().channels().len(), 1);
}
