//! Effects and calls for later: with the commit, once, after a restart too.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::testing::TestSystem;

use crate::actors::{Boss, Counter, Runs, builder, faulty_in_place};
use crate::faulty::Faulty;

async fn start(store: &Faulty, runs: &Arc<Runs>) -> TestSystem {
    TestSystem::from(builder(store, runs).only::<(Boss, Counter)>().start().await.unwrap())
}

async fn total(system: &System) -> i64 {
    system.actor::<Counter>().total().await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_effect_is_made_once_and_a_later_one_when_it_is_due() {
    let (store, faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let system = start(&store, &runs).await;
    assert_eq!(system.actor::<Boss>().order(5).await.unwrap(), 1);
    let commits = faults.commits();
    assert!(commits.iter().any(|it| it.calls.len() == 2 && it.actor.is_some()), "one commit");
    system.settle().await;
    assert_eq!(total(&system).await, 5);
    tokio::time::sleep(Duration::from_secs(59)).await;
    assert_eq!(total(&system).await, 5);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(total(&system).await, 10);
    tokio::time::sleep(Duration::from_secs(1_000)).await;
    assert_eq!((total(&system).await, runs.get()), (10, 2));
}

#[tokio::test(start_paused = true)]
async fn an_action_that_fails_has_no_effect() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let system = start(&store, &runs).await;
    system.actor::<Boss>().order_and_fail(-5).await.unwrap_err();
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert_eq!(runs.get(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_scheduled_survives_a_restart_and_what_is_overdue_runs_at_start() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let system = start(&store, &runs).await;
    let counter = system.actor::<Counter>();
    counter.add(1).delay(Duration::from_secs(30)).await.unwrap();
    let soon = SystemTime::now() + Duration::from_secs(40);
    system.invoke("durable_counter", "add", 10_i64).scheduled_to(soon).await.unwrap();
    system.invoke("durable_counter", "add", 100_i64).delay(Duration::from_hours(1)).await.unwrap();
    let cancelled = counter.add(1_000).delay(Duration::from_secs(30)).await.unwrap();
    assert!(system.cancel(cancelled).await.unwrap());
    assert!(!system.cancel(cancelled).await.unwrap());
    System::clone(&system).shutdown().await.unwrap();
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(runs.get(), 0);

    // The calendar did not move while time was paused, so that nothing is overdue yet.
    let system = start(&store, &runs).await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    system.settle().await;
    assert_eq!((total(&system).await, runs.get()), (11, 2));
}

#[tokio::test(start_paused = true)]
async fn an_effect_that_cannot_be_made_is_a_dead_letter() {
    let (store, _faults) = faulty_in_place();
    let runs = Arc::new(Runs::default());
    let system = start(&store, &runs).await;
    system.actor::<Boss>().order_nonsense().await.unwrap();
    system.settle().await;
    let letters = system.dead_letters().list().await.unwrap();
    assert_eq!(letters.len(), 1);
    assert!(letters[0].error().contains("has no action `subtract`"), "{}", letters[0].error());
    assert_eq!(letters[0].subscriber(), "durable_counter");
    let error = system.dead_letters().replay(letters[0].id()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownAction);
    assert!(system.dead_letters().discard(letters[0].id()).await.unwrap());
    assert!(system.dead_letters().list().await.unwrap().is_empty());
}
