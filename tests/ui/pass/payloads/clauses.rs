//! Clauses of one action, by the type of the payload.
// style: D9

use spawn::prelude::*;

#[message(name = "pass.clauses.Created")]
struct Created {
    id: String,
}

#[message(name = "pass.clauses.Updated")]
struct Updated {
    id: String,
}

#[message(name = "pass.clauses.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn changed(&self, _event: Created) {}

    #[action(name = "changed")]
    fn updated(&self, _event: Updated) {}

    #[action(name = "Changed")]
    fn other(&self, _event: Event) {}
}

#[test]
fn every_method_is_a_clause() {
    let actions = Shop::definition().actions();
    assert_eq!(actions.iter().map(|action| action.clauses().len()).sum::<usize>(), 3);
}
