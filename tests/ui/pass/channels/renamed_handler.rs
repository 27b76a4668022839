//! A handler by the name that its action is given.
// style: C3

use spawn::prelude::*;

#[message(name = "pass.renamed_handler.Shop")]
struct Shop {
    orders: i64,
}

#[actor(channels = [("pass.renamed_handler.a", on_order), ("pass.renamed_handler.b", "OnOrder")])]
impl Shop {
    #[action(name = "on_order")]
    fn handle(&mut self, _event: i64) {}
}

#[test]
fn every_entry_is_a_subscription() {
    assert_eq!(Shop::definition().channels().len(), 2);
}
