//! A clause without a payload beside one with it.
// style: D9

use spawn::prelude::*;

#[message(name = "pass.with_and_without.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn count(&self) -> i64 {
        self.orders
    }

    #[action(name = "count")]
    fn count_with(&self, more: i64) -> i64 {
        self.orders + more
    }
}

#[test]
fn every_method_is_a_clause() {
    let actions = Shop::definition().actions();
    assert_eq!(actions.iter().map(|action| action.clauses().len()).sum::<usize>(), 2);
}
