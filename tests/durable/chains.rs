//! Chains of pipes and forwards on a store that waits, fails and ends.

use std::sync::atomic::{AtomicUsize, Ordering};

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{Client, ErrorKind};

use crate::actors::faulty;
use crate::faulty::Faulty;

#[message(name = "durable_chains.Order")]
struct Order {
    cents: i64,
}

#[message(name = "durable_chains.Orders")]
struct Orders {
    count: i64,
}

#[message(name = "durable_chains.Billing")]
struct Billing {
    charged: i64,
}

/// How often `charge` has run.
#[derive(Default)]
struct Charges(AtomicUsize);

#[actor(name = "durable_chains_orders")]
impl Orders {
    #[action]
    fn place(&mut self, ctx: &Context, order: Order) -> Value<i64> {
        self.count += 1;
        let charge = Pipe::call(ctx.actor::<Billing>(), Client::<Billing>::charge);
        Value::from(order).pipe(charge)
    }

    #[action]
    fn count(&self) -> i64 {
        self.count
    }
}

#[actor(name = "durable_chains_billing", kind = named)]
impl Billing {
    #[action]
    fn charge(&mut self, charges: &Charges, order: Order) -> Result<i64, std::io::Error> {
        charges.0.fetch_add(1, Ordering::SeqCst);
        if order.cents < 0 {
            return Err(std::io::Error::other("nothing to charge"));
        }
        self.charged += order.cents;
        Ok(self.charged)
    }

    #[action]
    fn charged(&self) -> i64 {
        self.charged
    }
}

async fn start(store: &Faulty) -> TestSystem {
    let builder = System::builder("durable").store(store.clone()).resource(Charges::default());
    TestSystem::from(builder.only::<(Orders, Billing)>().start().await.unwrap())
}

async fn totals(system: &System) -> (i64, i64) {
    let count = system.actor::<Orders>().count().await.unwrap();
    (count, system.actor::<Billing>().charged().await.unwrap())
}

#[tokio::test]
async fn the_second_action_is_called_when_the_first_is_saved() {
    let (store, faults) = faulty();
    let system = start(&store).await;
    let order = |cents| system.actor::<Orders>().place(Order { cents });
    assert_eq!(order(5).await.unwrap(), 5);
    faults.close_gate();
    let placing = tokio::spawn(order(7).into_future());
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!placing.is_finished());
    faults.open_gate();
    assert_eq!(placing.await.unwrap().unwrap(), 12);
    // What fails later leaves what was saved before.
    let error = order(-1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Action);
    assert_eq!(error.to_string(), "`charge` of durable_chains_billing: failed");
    assert_eq!(totals(&system).await, (3, 12));
}

#[tokio::test]
async fn a_first_action_that_is_not_saved_calls_nobody() {
    let (store, faults) = faulty();
    let system = start(&store).await;
    for fault in [&faults.fail_next, &faults.unknown_before] {
        fault.store(true, Ordering::SeqCst);
        let error = system.actor::<Orders>().place(Order { cents: 5 }).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Storage);
        fault.store(true, Ordering::SeqCst);
        system.actor::<Orders>().place(Order { cents: 5 }).cast().await.unwrap();
        system.settle().await;
        assert_eq!(totals(&system).await, (0, 0));
    }
    faults.unknown_after.store(true, Ordering::SeqCst);
    assert_eq!(system.actor::<Orders>().place(Order { cents: 5 }).await.unwrap(), 5);
    assert_eq!(totals(&system).await, (1, 5));
}

/// Every kind of end of the first call; the second one with the key has the same answer, and nothing is done twice.
#[tokio::test]
async fn a_repeated_call_with_a_key_goes_the_same_way_and_does_nothing_twice() {
    let (store, faults) = faulty();
    let system = start(&store).await;
    let place = |system: &System, key: &str| {
        system.actor::<Orders>().place(Order { cents: 5 }).idempotency_key(key)
    };
    assert_eq!(place(&system, "a").await.unwrap(), 5);
    assert_eq!(place(&system, "a").await.unwrap(), 5);
    assert_eq!(place(&system, "b").await.unwrap(), 10);
    let by_name = system.invoke("durable_chains_orders", "place", Order { cents: 5 });
    let answer = by_name.idempotency_key("a").await.unwrap();
    assert_eq!(answer.decode::<i64>().unwrap(), 5);
    assert_eq!(totals(&system).await, (2, 10));
    system.clone().shutdown().await.unwrap();

    let system = start(&store).await;
    assert_eq!(place(&system, "a").await.unwrap(), 5);
    // The first action is saved, the second one is not: it is called again.
    *faults.fail_next_of.lock().unwrap() = Some("durable_chains_billing");
    let error = place(&system, "c").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert_eq!(totals(&system).await, (3, 10));
    assert_eq!(place(&system, "c").await.unwrap(), 15);
    assert_eq!(place(&system, "c").await.unwrap(), 15);
    assert_eq!(totals(&system).await, (3, 15));
}
