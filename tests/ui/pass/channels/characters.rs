//! Every character of a name.
// style: C6

use spawn::prelude::*;

#[message(name = "pass.characters.Shop")]
struct Shop {
    orders: i64,
}

#[actor(channels = [("pass.characters.A-Z_a-z.0-9", handle)])]
impl Shop {
    #[action]
    fn handle(&mut self, _event: i64) {}
}

#[test]
fn every_entry_is_a_subscription() {
    assert_eq!(Shop::definition().channels().len(), 1);
}
