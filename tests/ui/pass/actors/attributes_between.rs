//! Attributes of others, before and after.
// style: D18

use spawn::prelude::*;

#[message(name = "pass.attributes_between.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
#[expect(clippy::needless_return, reason = "to have an attribute on the block")]
impl Shop {
    /// Documentation.
    #[inline]
    #[must_use]
    #[track_caller]
    #[action]
    #[doc = "more"]
    fn orders(&self) -> i64 {
        return self.orders;
    }

    #[action]
    #[expect(unused_variables, reason = "to have an expectation that is kept")]
    fn ignore(&self, number: i64) {}
}

#[test]
fn attributes_are_forwarded() {
    let names: Vec<_> = Shop::definition().actions().iter().map(|action| action.name()).collect();
    assert_eq!(names, ["orders", "ignore"]);
}
