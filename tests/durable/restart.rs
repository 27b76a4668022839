//! What is there after the system has ended and begins again.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::testing::TestSystem;

use crate::actors::{Counter, Mirror, Runs, counter_and_mirror, faulty};

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let runs = Arc::new(Runs::default());
    for round in 1..=3 {
        let system = System::builder("restart")
            .store(Sqlite::at(directory.path()))
            .resource(Arc::clone(&runs))
            .only::<(Counter, Mirror)>()
            .start()
            .await
            .unwrap();
        assert_eq!(system.actor::<Counter>().announce(1).await.unwrap(), round);
        system.actor::<Counter>().add(0).await.unwrap();
        system.shutdown().await.unwrap();
    }
    let system = System::builder("restart")
        .store(Sqlite::at(directory.path()))
        .resource(Arc::clone(&runs))
        .only::<(Counter, Mirror)>()
        .start()
        .await
        .unwrap();
    let system = TestSystem::from(system);
    system.settle().await;
    assert_eq!(system.actor::<Counter>().total().await.unwrap(), 3);
    assert_eq!(system.actor::<Mirror>().total().await.unwrap(), 3);
    assert_eq!(runs.get(), 3 + 3, "three for the counter's `add`, three events, none twice");
}

#[tokio::test]
async fn an_event_reaches_a_subscriber_that_was_not_there() {
    let (store, _faults) = faulty();
    let runs = Arc::new(Runs::default());
    // The mirror is known, so that it has a place in the log.
    counter_and_mirror(&store, &runs).start().await.unwrap().shutdown().await.unwrap();
    let alone = System::builder("durable").store(store.clone()).resource(Arc::clone(&runs));
    let alone = alone.only::<(Counter,)>().start().await.unwrap();
    for amount in 1..=2_000 {
        alone.actor::<Counter>().announce(amount).cast().await.unwrap();
    }
    alone.shutdown().await.unwrap();
    let system = TestSystem::from(counter_and_mirror(&store, &runs).start().await.unwrap());
    system.settle().await;
    let seen = system.actor::<Mirror>().seen().await.unwrap().amounts;
    assert_eq!(seen, (1..=2_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_state_that_cannot_be_loaded_keeps_the_actor_from_activating_and_destroys_nothing() {
    let (store, faults) = faulty();
    let runs = Arc::new(Runs::default());
    let system = counter_and_mirror(&store, &runs).start().await.unwrap();
    system.actor::<Counter>().add(5).await.unwrap();
    system.shutdown().await.unwrap();
    let system = counter_and_mirror(&store, &runs).start().await.unwrap();
    faults.fail_loads.store(true, Ordering::SeqCst);
    let error = system.actor::<Counter>().add(1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Activation);
    faults.fail_loads.store(false, Ordering::SeqCst);
    assert_eq!(system.actor::<Counter>().add(1).await.unwrap(), 6);
}

#[tokio::test]
async fn a_repeated_call_with_a_key_gets_the_first_answer() {
    let (store, _faults) = faulty();
    let runs = Arc::new(Runs::default());
    let system = counter_and_mirror(&store, &runs).start().await.unwrap();
    let counter = system.actor::<Counter>();
    assert_eq!(counter.add(5).idempotency_key("a").await.unwrap(), 5);
    let both = tokio::join!(
        counter.add(5).idempotency_key("a"),
        system.invoke("durable_counter", "Add", 5_i64).idempotency_key("a"),
    );
    assert_eq!((both.0.unwrap(), both.1.unwrap().decode::<i64>().unwrap()), (5, 5));
    assert_eq!(counter.add(5).idempotency_key("b").await.unwrap(), 10);
    assert_eq!(counter.fail().idempotency_key("c").await.unwrap_err().kind(), ErrorKind::Action);
    system.shutdown().await.unwrap();
    let system = counter_and_mirror(&store, &runs).start().await.unwrap();
    let counter = system.actor::<Counter>();
    assert_eq!(counter.add(5).idempotency_key("a").await.unwrap(), 5);
    assert_eq!(counter.total().await.unwrap(), 10);
    assert_eq!(runs.get(), 2);
}
