//! An action that should no longer be called.
// style: D18

use spawn::prelude::*;

#[message(name = "pass.deprecated.Shop")]
struct Shop {
    orders: i64,
}

#[actor(channels = [("pass.deprecated", add)])]
impl Shop {
    #[action]
    #[deprecated = "there is a better one"]
    fn add(&mut self, number: i64) {
        self.orders += number;
    }
}

#[test]
fn nobody_is_warned_who_does_not_call_it() {
    let names: Vec<_> = Shop::definition().actions().iter().map(|action| action.name()).collect();
    assert_eq!(names, ["add"]);
}
