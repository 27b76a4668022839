//! Commas at the end.
// style: C5

use spawn::prelude::*;

#[message(name = "pass.trailing_comma.Shop")]
struct Shop {
    orders: i64,
}

#[actor(channels = [("pass.trailing_comma.a", handle), ("pass.trailing_comma.b", handle,),])]
impl Shop {
    #[action]
    fn handle(&mut self, _event: i64) {}
}

#[test]
fn every_entry_is_a_subscription() {
    assert_eq!(Shop::definition().channels().len(), 2);
}
