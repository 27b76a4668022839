//! A handler that takes nothing by value looks at its event, whatever that and its type are called.
// style: 3.1, 3.2

use spawn::Event as Happening;
use spawn::prelude::*;

mod own {
    #[spawn::message(name = "pass.looks.Event")]
    pub(super) struct Event {
        pub(super) number: i64,
    }
}

#[message(name = "pass.looks.Paid")]
struct Paid {
    order: String,
}

#[message(name = "pass.looks.Shop")]
struct Shop {
    orders: i64,
}

#[actor(channels = [("pass.looks.any", any), ("pass.looks.own", own), ("pass.looks.later", later)])]
impl Shop {
    #[action]
    fn any(&mut self, _: &Happening) {}

    #[action]
    fn own(&self, _numbers: &Vec<u64>, _context: &Context, own::Event { number }: &own::Event) {
        let _: &i64 = number;
    }

    #[action(name = "own")]
    fn own_parcel(&self, _parcel: &Parcel) {}

    #[action]
    async fn later(&mut self, event: &Event) {
        std::future::ready(event.id()).await;
    }

    /// Not a handler, so that all of it is lent.
    #[action]
    fn count(&self, _numbers: &Vec<u64>) {}
}

#[message(name = "pass.looks.Order")]
struct Order {
    orders: i64,
}

#[actor(kind = unnamed, channels = [("pass.looks.paid", paid)])]
impl Order {
    #[action(route = order)]
    fn paid(&mut self, _paid: &Paid) {}
}

/// The client takes it by value.
fn called(shop: &spawn::Client<Shop>, event: own::Event) {
    drop(shop.own(event));
    drop(shop.count());
}

#[test]
fn every_method_is_a_clause() {
    let actions = Shop::definition().actions();
    assert_eq!(actions.iter().map(|action| action.clauses().len()).sum::<usize>(), 5);
    let takes_nothing = |name: &str| {
        let action = actions.iter().find(|it| it.name() == name).unwrap();
        action.clauses()[0].payload() == actions[0].clauses()[0].payload()
    };
    assert!(!takes_nothing("own"), "it takes a message");
    assert!(takes_nothing("any"), "both take every one");
}
