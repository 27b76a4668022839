//! What leaves the log, and what does not.

use std::sync::Arc;
use std::time::Duration;

use spawn::Position;
use spawn::prelude::*;
use spawn::store::Store;
use spawn::testing::TestSystem;

use crate::actors::{Added, Counter, Customer, Mirror, Runs, builder, faulty_in_place};
use crate::faulty::Faulty;

const SHORT: Duration = Duration::from_secs(20);

fn logged(store: &Faulty) -> usize {
    store.read_log(Position::from_number(0), 1_000).unwrap().len()
}

async fn publish(system: &System, amounts: impl IntoIterator<Item = i64>) {
    for amount in amounts {
        system.broadcast(Broadcast::to("durable.added", Added { amount })).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_everybody_has_had_goes_when_it_is_old_enough_and_positions_go_on() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let start = || {
        let builder = builder(&store, &runs).only::<(Counter, Mirror)>();
        builder.retention(SHORT).start()
    };
    let system = TestSystem::from(start().await.unwrap());
    publish(&system, 1..=5).await;
    system.settle().await;
    tokio::time::sleep(SHORT / 2).await;
    assert_eq!(logged(&store), 5, "not old enough");
    tokio::time::sleep(SHORT * 2).await;
    assert_eq!(logged(&store), 0);
    System::clone(&system).shutdown().await.unwrap();

    let system = TestSystem::from(start().await.unwrap());
    publish(&system, [6]).await;
    system.settle().await;
    let seen = system.actor::<Mirror>().seen().await.unwrap().amounts;
    assert_eq!(seen, [1, 2, 3, 4, 5, 6], "the cursor skips nothing");
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_nobody_reads_holds_the_log_until_it_is_dropped() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    // The mirror was in the program once.
    let both = builder(&store, &runs).only::<(Counter, Mirror)>().start().await.unwrap();
    both.shutdown().await.unwrap();
    let system = builder(&store, &runs).only::<(Counter,)>().retention(SHORT).start();
    let system = TestSystem::from(system.await.unwrap());
    publish(&system, 1..=5).await;
    tokio::time::sleep(SHORT * 10).await;
    assert_eq!(logged(&store), 5);
    let subscriptions = system.subscriptions().await.unwrap();
    assert_eq!(subscriptions.len(), 1);
    assert_eq!(subscriptions[0].subscriber, "durable_mirror");
    assert!(system.drop_subscription(subscriptions[0].id).await.unwrap());
    assert!(!system.drop_subscription(subscriptions[0].id).await.unwrap());
    tokio::time::sleep(SHORT).await;
    assert_eq!(logged(&store), 0);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_fails_stays_and_instances_that_may_be_passive_keep_everything() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let system = builder(&store, &runs).only::<(Counter, Mirror)>().retention(Duration::ZERO);
    let system = TestSystem::from(system.start().await.unwrap());
    publish(&system, [1, -13, 2]).await;
    tokio::time::sleep(Duration::from_secs(15)).await;
    assert!(logged(&store) >= 2, "it is tried again, and the next one waits");
    tokio::time::sleep(Duration::from_mins(3)).await;
    assert_eq!(logged(&store), 0, "it is a dead letter, and the announcement was nobody's");

    let (store, _faults) = faulty_in_place();
    let system = builder(&store, &runs).only::<(Counter, Customer)>().retention(Duration::ZERO);
    let system = TestSystem::from(system.start().await.unwrap());
    publish(&system, 1..=5).await;
    tokio::time::sleep(Duration::from_mins(3)).await;
    assert_eq!(logged(&store), 5);
}
