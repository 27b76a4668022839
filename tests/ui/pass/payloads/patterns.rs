//! Parameters that are patterns.
// style: D2

use spawn::prelude::*;

#[message(name = "pass.patterns.Created")]
struct Created {
    id: String,
}

#[message(name = "pass.patterns.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn ignored(&self, _: Created) {}

    #[action]
    fn destructured(&self, Created { id }: Created) -> String {
        id
    }

    #[action]
    fn mutable(&self, mut event: Created) -> String {
        event.id.push('!');
        event.id
    }
}

#[test]
fn every_method_is_a_clause() {
    let actions = Shop::definition().actions();
    assert_eq!(actions.iter().map(|action| action.clauses().len()).sum::<usize>(), 3);
}
