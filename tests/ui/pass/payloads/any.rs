//! Payloads of any type.
// style: 3.1

use spawn::prelude::*;

#[message(name = "pass.any.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn event(&self, event: Event) -> bool {
        event.is::<i64>()
    }

    #[action]
    fn parcel(&self, _parcel: Parcel) {}
}

#[test]
fn every_method_is_a_clause() {
    let actions = Shop::definition().actions();
    assert_eq!(actions.iter().map(|action| action.clauses().len()).sum::<usize>(), 2);
}
