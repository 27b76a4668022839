//! A message that is called `Event`.
// style: 3.2

use spawn::prelude::*;

mod own {
    #[spawn::message(name = "pass.own_event.Event")]
    pub(super) struct Event {
        pub(super) number: i64,
    }
}

#[message(name = "pass.own_event.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn handle(&self, event: own::Event) -> i64 {
        event.number
    }
}

#[test]
fn every_method_is_a_clause() {
    let actions = Shop::definition().actions();
    assert_eq!(actions.iter().map(|action| action.clauses().len()).sum::<usize>(), 1);
}
