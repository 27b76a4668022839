//! One action in every spelling.
// style: C3

use spawn::prelude::*;

#[message(name = "pass.spellings.Shop")]
struct Shop {
    orders: i64,
}

#[actor(channels = [("pass.spellings.a", "CreateOrder"), ("pass.spellings.b", "createOrder"), ("pass.spellings.c", create_order), ("pass.spellings.d", CreateOrder)])]
impl Shop {
    #[action]
    fn create_order(&mut self, _event: i64) {}
}

#[test]
fn every_entry_is_a_subscription() {
    assert!(Shop::definition().channels().iter().all(|channel| channel.action() == "create_order"));
}
