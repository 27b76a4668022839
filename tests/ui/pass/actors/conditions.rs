//! Methods that are compiled only now and then.
// style: 3.2

use spawn::prelude::*;

#[message(name = "pass.conditions.Shop")]
struct Shop {
    orders: i64,
}

#[actor(channels = [("pass.conditions", changed)])]
impl Shop {
    #[cfg(any())]
    #[action]
    fn gone(&self, _unknown: Unknown) -> Unknown {}

    #[cfg(not(any()))]
    #[action(name = "changed")]
    fn here(&self, _number: i64) {}

    #[cfg(any())]
    #[action(name = "changed")]
    fn not_here(&self, _number: Unknown) {}

    #[cfg(any())]
    #[init]
    fn begin(&mut self, _unknown: &Unknown) {}
}

#[test]
fn what_is_not_there_is_no_clause() {
    assert_eq!(
        Shop::definition().actions().iter().map(|action| action.clauses().len()).sum::<usize>(),
        1
    );
}
