//! Events: reflected exactly once, in order, retried, given up.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn_tests::eventually;

use crate::actors::{
    Added, Customer, Ear, Mirror, Runs, builder, counter_and_mirror, faulty, faulty_in_place,
};

async fn publish(system: &System, amounts: impl IntoIterator<Item = i64>) {
    for amount in amounts {
        system.broadcast(Broadcast::to("durable.added", Added { amount })).await.unwrap();
    }
}

#[tokio::test]
async fn an_event_is_reflected_once_however_often_its_commit_fails() {
    let (store, faults) = faulty();
    let runs = Arc::new(Runs::default());
    let system = TestSystem::from(counter_and_mirror(&store, &runs).start().await.unwrap());
    publish(&system, 1..=3).await;
    system.settle().await;
    for amount in 4..=20 {
        faults.fail_next_cursor.store(true, Ordering::SeqCst);
        // If the publisher's commit shares the batch of a cursor, it fails with it, and nothing was published.
        let event = || system.broadcast(Broadcast::to("durable.added", Added { amount }));
        while event().await.is_err() {}
        while faults.fail_next_cursor.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    system.settle().await;
    let seen = system.actor::<Mirror>().seen().await.unwrap().amounts;
    assert_eq!(seen, (1..=20).collect::<Vec<_>>());
    assert!(runs.get() > 20, "it was run again after each failure");
}

#[tokio::test(start_paused = true)]
async fn an_event_that_keeps_failing_is_a_dead_letter_and_the_next_one_waits_for_that() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let system = TestSystem::from(counter_and_mirror(&store, &runs).start().await.unwrap());
    publish(&system, [1, -13, 2]).await;
    system.settle().await;
    let mirror = system.actor::<Mirror>();
    assert_eq!(mirror.seen().await.unwrap().amounts, [1], "calls go on, events wait");
    tokio::time::sleep(Duration::from_mins(2)).await;
    system.settle().await;
    assert_eq!(mirror.seen().await.unwrap().amounts, [1, 2]);
    assert_eq!(runs.get(), 1 + 10 + 1);
    let letters = system.dead_letters().list().await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].attempts(), 10);
    assert_eq!(letters[0].subscriber(), "durable_mirror");
    assert!(letters[0].error().contains("13 is not taken"), "{}", letters[0].error());
}

#[tokio::test(start_paused = true)]
async fn an_error_that_says_so_is_not_retried() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let system = TestSystem::from(counter_and_mirror(&store, &runs).start().await.unwrap());
    publish(&system, [-666, 2]).await;
    tokio::time::sleep(Duration::from_millis(10)).await;
    system.settle().await;
    assert_eq!(system.actor::<Mirror>().seen().await.unwrap().amounts, [2]);
    assert_eq!(runs.get(), 2);
}

#[tokio::test]
async fn a_subscriber_that_cannot_keep_up_reads_on_in_the_log() {
    let (store, faults) = faulty();
    let runs = Arc::new(Runs::default());
    let system = TestSystem::from(counter_and_mirror(&store, &runs).start().await.unwrap());
    faults.fail_loads.store(true, Ordering::SeqCst);
    let all: Broadcast = (1..=5_000).map(|amount| ("durable.added", Added { amount })).collect();
    system.broadcast(all).await.unwrap();
    faults.fail_loads.store(false, Ordering::SeqCst);
    // A lane that could not read pauses first.
    let mirror = system.actor::<Mirror>();
    let seen = async || mirror.seen().await.unwrap().amounts;
    let seen = eventually(seen, |seen| seen.len() >= 5_000).await;
    assert_eq!(seen, (1..=5_000).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_passive_instance_catches_up_before_its_next_message() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let start = || builder(&store, &runs).only::<(Customer,)>().start();
    let system = TestSystem::from(start().await.unwrap());
    publish(&system, [1]).await;
    let ann = system.actor_by_id::<Customer>("ann");
    assert_eq!(ann.visit().await.unwrap().amounts, [0_i64; 0], "it did not exist");
    publish(&system, [2, 3]).await;
    system.settle().await;
    assert_eq!(ann.visit().await.unwrap().amounts, [2, 3]);
    tokio::time::sleep(Duration::from_secs(10)).await;
    publish(&system, [4, 5]).await;
    assert_eq!(ann.visit().await.unwrap().amounts, [2, 3, 4, 5]);
    drop((ann, system));
    let system = TestSystem::from(start().await.unwrap());
    publish(&system, [6]).await;
    let ann = system.actor_by_id::<Customer>("ann");
    assert_eq!(ann.visit().await.unwrap().amounts, [2, 3, 4, 5, 6]);
    let bob = system.actor_by_id::<Customer>("bob");
    assert_eq!(bob.visit().await.unwrap().amounts, [0_i64; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_event_for_a_hundred_thousand_passive_instances_is_one_row_and_wakes_nobody() {
    const INSTANCES: usize = 100_000;
    let (store, faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let start = || builder(&store, &runs).only::<(Customer,)>().start();
    let system = TestSystem::from(start().await.unwrap());
    for number in 0..INSTANCES {
        system.actor_by_id::<Customer>(format!("customer-{number}")).visit().await.unwrap();
    }
    drop(system);
    let system = TestSystem::from(start().await.unwrap());
    let before = faults.commits.lock().unwrap().len();
    publish(&system, [7]).await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    system.settle().await;
    let commits = faults.commits().split_off(before);
    let rows: usize = commits.iter().map(|commit| commit.events.len()).sum();
    assert_eq!((commits.len(), rows), (1, 1), "an instance was woken, or the event is there twice");
    for number in [0, 41_000, INSTANCES - 1] {
        let customer = system.actor_by_id::<Customer>(format!("customer-{number}"));
        assert_eq!(customer.visit().await.unwrap().amounts, [7], "of {number}");
    }
}

#[tokio::test]
async fn a_stateless_subscriber_goes_on_where_it_was() {
    let (store, _faults) = faulty();
    let runs = Arc::new(Runs::default());
    for _ in 0..3 {
        let system =
            TestSystem::from(builder(&store, &runs).only::<(Ear,)>().start().await.unwrap());
        publish(&system, 1..=10).await;
        system.settle().await;
        let system = System::clone(&system);
        system.shutdown().await.unwrap();
    }
    assert_eq!(runs.get(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_dead_letter_is_replayed_past_the_later_events_or_discarded() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let system = TestSystem::from(counter_and_mirror(&store, &runs).start().await.unwrap());
    let mut announced = system.subscribe("spawn.dead_letters").unwrap();
    publish(&system, [-666, 2]).await;
    system.settle().await;
    assert!(announced.try_next().is_some());
    let letters = system.dead_letters();
    let letter = letters.list().await.unwrap().remove(0);
    let event = letter.event().unwrap();
    assert_eq!(event.decode::<Added>().unwrap().amount, -666);

    // It fails again, and stays.
    letters.replay(letter.id()).await.unwrap_err();
    assert_eq!(letters.list().await.unwrap().len(), 1);

    // Now it is taken, once.
    system.actor::<Mirror>().forgive().await.unwrap();
    let both = tokio::join!(letters.replay(letter.id()), letters.replay(letter.id()));
    assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");
    assert_eq!(system.actor::<Mirror>().seen().await.unwrap().amounts, [2, -666]);
    assert!(letters.list().await.unwrap().is_empty());
    assert!(!letters.discard(letter.id()).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_stateless_subscriber_that_was_called_first_comes_to_rest() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let system = TestSystem::from(builder(&store, &runs).only::<(Ear,)>().start().await.unwrap());
    // In place, before its events had a turn, so that how far it is was not read yet.
    system.actor::<Ear>().ping().await.unwrap();
    publish(&system, 1..=3).await;
    tokio::time::timeout(Duration::from_secs(1), system.settle()).await.unwrap();
    assert_eq!(runs.get(), 3);
}
