//! Handlers that never return, and subscribers that always panic.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use spawn::{BoxError, ErrorKind, Event, Subscriber};
use spawn_tests::eventually;

use crate::actors::{Added, Ledger, Mirror, Panicker, Sleeper, Switch};
use crate::{builder, totals};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_that_never_returns_holds_its_actor_and_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let switch = Arc::new(Switch::default());
    let start = || {
        let builder = builder(directory.path()).only::<(Sleeper,)>();
        builder.resource(Arc::clone(&switch)).start()
    };
    let system = start().await.unwrap();
    let sleeper = system.actor_by_id::<Sleeper>("a");
    // It is in memory, so that the first call begins at once, however long loading takes.
    assert_eq!(sleeper.heard().await.unwrap(), 0);
    // Its own callers are told in time, also those who wait behind it.
    for _ in 0..2 {
        let began = Instant::now();
        let error = sleeper.sleep().timeout(Duration::from_millis(100)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(began.elapsed() < Duration::from_secs(5));
    }
    assert_eq!(switch.runs(), 1, "the second call waits behind the first");

    // As a subscriber it holds up nobody: neither who publishes nor who else listens, nor the events of other instances.
    for total in 1..=50 {
        assert_eq!(system.actor::<Ledger>().add(0).await.unwrap(), total);
    }
    assert_eq!(totals(&system).await, (50, 50));
    eventually(async || switch.runs(), |runs| *runs == 51).await;
    drop(system);

    // What it hung on was not done, and is done by the next run.
    switch.repair();
    let system = eventually(async || start().await.ok(), Option::is_some).await.unwrap();
    for number in 1..=50 {
        let heard = async || {
            let sleeper = system.actor_by_id::<Sleeper>(number.to_string());
            sleeper.heard().await.unwrap()
        };
        assert_eq!(eventually(heard, |heard| *heard > 0).await, 1);
    }
    system.shutdown().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscriber_that_always_panics_has_dead_letters_and_harms_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let switch = Arc::new(Switch::default());
    let builder = builder(directory.path()).only::<(Panicker,)>();
    let system = builder.resource(Arc::clone(&switch)).start().await.unwrap();
    for _ in 0..20 {
        system.actor::<Ledger>().add(0).await.unwrap();
    }
    assert_eq!(totals(&system).await, (20, 20));
    let letters = async || system.dead_letters().list().await.unwrap();
    let letters = eventually(letters, |letters| letters.len() >= 20).await;
    assert_eq!((letters.len(), switch.runs()), (20, 60), "three attempts for each");
    for (number, letter) in (1..).zip(&letters) {
        assert_eq!((letter.subscriber(), letter.attempts()), ("faults_panicker", 3));
        assert!(letter.error().contains(&format!("number {number} is too much")));
    }
    assert_eq!(system.actor::<Panicker>().heard().await.unwrap(), 0, "a panic changes nothing");

    // It takes what comes once it is repaired, and what it could not take.
    switch.repair();
    system.actor::<Ledger>().add(0).await.unwrap();
    let heard = async || system.actor::<Panicker>().heard().await.unwrap();
    eventually(heard, |heard| *heard == 1).await;
    for letter in &letters {
        system.dead_letters().replay(letter.id()).await.unwrap();
    }
    assert_eq!(system.actor::<Panicker>().heard().await.unwrap(), 21);
    assert!(system.dead_letters().list().await.unwrap().is_empty());
    system.shutdown().await.unwrap();
}

/// An external subscriber that always panics.
struct Fuse(Arc<AtomicU32>);

impl Subscriber for Fuse {
    fn channels(&self) -> Vec<String> {
        vec!["faults.*".to_owned()]
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        panic!("{} blows", event.decode::<Added>()?.number)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_external_subscriber_that_always_panics_harms_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let attempts = Arc::<AtomicU32>::default();
    let builder = builder(directory.path()).external_subscriber(Fuse(Arc::clone(&attempts)));
    let system = builder.start().await.unwrap();
    for _ in 0..20 {
        system.actor::<Ledger>().add(0).await.unwrap();
    }
    assert_eq!(totals(&system).await, (20, 20));
    assert_eq!(system.actor::<Mirror>().wrong().await.unwrap(), 0);
    // It is started again and again, after growing pauses.
    eventually(async || attempts.load(Ordering::SeqCst), |attempts| *attempts >= 3).await;
    assert!(system.is_healthy());
}
