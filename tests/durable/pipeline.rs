//! Saved before seen; one commit; a failed commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{ChannelOptions, ErrorKind};
use spawn_tests::eventually;

use crate::actors::{Counter, Runs, counter_and_mirror, faulty};

#[tokio::test]
async fn a_reply_waits_for_the_commit_and_synchronous_actions_run_ahead() {
    let (store, faults) = faulty();
    let runs = Arc::new(Runs::default());
    let system = counter_and_mirror(&store, &runs).start().await.unwrap();
    let counter = system.actor::<Counter>();
    faults.close_gate();
    let first = tokio::spawn(counter.add(1));
    let second = tokio::spawn(counter.add(2));
    let read = tokio::spawn(counter.total());
    let slow = tokio::spawn(counter.add_slowly(4));
    eventually(async || runs.get(), |runs| *runs >= 2).await;
    faults.batch_at_gate().await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(
        runs.get(),
        2,
        "the synchronous ones run, the async one does not see what is not saved"
    );
    assert!(!first.is_finished() && !second.is_finished() && !slow.is_finished());
    assert!(!read.is_finished(), "what was read is not saved yet");
    faults.open_gate();
    assert_eq!(first.await.unwrap().unwrap(), 1);
    assert_eq!(second.await.unwrap().unwrap(), 3);
    assert_eq!(read.await.unwrap().unwrap(), 3);
    assert_eq!(slow.await.unwrap().unwrap(), 7);
    system.shutdown().await.unwrap();
}

#[tokio::test]
async fn an_event_is_not_seen_before_it_is_saved() {
    let (store, faults) = faulty();
    let runs = Arc::new(Runs::default());
    let system = counter_and_mirror(&store, &runs).start().await.unwrap();
    let mut events = system.subscribe("durable.*").unwrap();
    faults.close_gate();
    let call = tokio::spawn(system.actor::<Counter>().announce(5));
    faults.batch_at_gate().await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(events.try_next().is_none());
    assert_eq!(runs.get(), 0);
    faults.open_gate();
    assert_eq!(call.await.unwrap().unwrap(), 5);
    assert!(events.next().await.is_some());
}

#[tokio::test]
async fn nothing_is_written_where_nothing_changed() {
    let (store, faults) = faulty();
    let runs = Arc::new(Runs::default());
    let system = counter_and_mirror(&store, &runs).start().await.unwrap();
    let counter = system.actor::<Counter>();
    counter.add(3).await.unwrap();
    let before = faults.commits().len();
    assert_eq!(counter.touch().await.unwrap(), 3);
    assert_eq!(counter.add(0).await.unwrap(), 3);
    assert_eq!(counter.total().await.unwrap(), 3);
    assert_eq!(counter.fail().await.unwrap_err().kind(), ErrorKind::Action);
    assert_eq!(counter.total().await.unwrap(), 3);
    assert_eq!(faults.commits().len(), before);
}

#[tokio::test]
async fn state_and_events_are_one_commit() {
    let (store, faults) = faulty();
    let runs = Arc::new(Runs::default());
    let system = counter_and_mirror(&store, &runs).start().await.unwrap();
    system.actor::<Counter>().announce(5).await.unwrap();
    let commits = faults.commits();
    let commit = commits.iter().find(|commit| !commit.events.is_empty()).unwrap();
    assert_eq!(commit.events.len(), 1);
    assert!(commit.actor.as_ref().unwrap().state.is_some());
}

#[tokio::test]
async fn a_failed_commit_is_told_discards_what_built_on_it_and_the_actor_reloads() {
    let (store, faults) = faulty();
    let runs = Arc::new(Runs::default());
    let system = counter_and_mirror(&store, &runs).start().await.unwrap();
    let counter = system.actor::<Counter>();
    counter.add(1).await.unwrap();
    faults.close_gate();
    faults.fail_next.store(true, Ordering::SeqCst);
    // The first goes into a batch of its own, since the writer has it before the others come, which build on it.
    let first = tokio::spawn(counter.announce(10));
    faults.batch_at_gate().await;
    let second = tokio::spawn(counter.add(100));
    let read = tokio::spawn(counter.total());
    eventually(async || runs.get(), |runs| *runs == 2).await;
    faults.open_gate();
    let error = first.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Storage);
    assert!(error.is_retryable());
    assert!(format!("{error:?}").contains("an injected fault"), "{error:?}");
    assert_eq!(second.await.unwrap().unwrap_err().kind(), ErrorKind::Stale);
    assert_eq!(read.await.unwrap().unwrap_err().kind(), ErrorKind::Stale);
    assert_eq!(counter.total().await.unwrap(), 1, "reloaded");
    assert_eq!(counter.add(1).await.unwrap(), 2);
    let system = TestSystem::from(system);
    system.settle().await;
    assert_eq!(system.actor::<crate::actors::Mirror>().total().await.unwrap(), 0);
}

#[tokio::test]
async fn the_system_is_unhealthy_until_a_commit_succeeds() {
    let (store, faults) = faulty();
    let runs = Arc::new(Runs::default());
    let system = counter_and_mirror(&store, &runs).start().await.unwrap();
    let counter = system.actor::<Counter>();
    assert!(system.is_healthy());
    faults.fail_next.store(true, Ordering::SeqCst);
    counter.add(1).await.unwrap_err();
    assert!(!system.is_healthy());
    counter.add(1).await.unwrap();
    assert!(system.is_healthy());
}

#[tokio::test]
async fn an_unknown_outcome_is_looked_up() {
    for (took_effect, expected) in [(true, 1), (false, 0)] {
        let (store, faults) = faulty();
        let runs = Arc::new(Runs::default());
        let system = counter_and_mirror(&store, &runs).start().await.unwrap();
        let counter = system.actor::<Counter>();
        let fault = if took_effect { &faults.unknown_after } else { &faults.unknown_before };
        fault.store(true, Ordering::SeqCst);
        let outcome = counter.announce(1).await;
        assert_eq!(outcome.is_ok(), took_effect, "{outcome:?}");
        assert_eq!(counter.total().await.unwrap(), expected);
        let system = TestSystem::from(system);
        system.settle().await;
        let mirror = system.actor::<crate::actors::Mirror>();
        assert_eq!(mirror.total().await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_system_that_was_replaced_can_save_nothing() {
    let (store, _faults) = faulty();
    let runs = Arc::new(Runs::default());
    let old = counter_and_mirror(&store, &runs).start().await.unwrap();
    old.actor::<Counter>().add(1).await.unwrap();
    let new = counter_and_mirror(&store, &runs).start().await.unwrap();
    assert_eq!(old.actor::<Counter>().add(5).await.unwrap_err().kind(), ErrorKind::Stale);
    assert_eq!(new.actor::<Counter>().add(10).await.unwrap(), 11);
}

/// Events in no log that change what is saved.
#[message(name = "pipeline.Gauge")]
struct Gauge {
    heard: i64,
}

/// What all gauges have heard.
static HEARD: AtomicUsize = AtomicUsize::new(0);

#[actor(name = "pipeline_gauge", kind = unnamed, channels = [("pipeline.told", hear)])]
impl Gauge {
    #[action]
    fn hear(&mut self, _number: &i64) {
        self.heard += 1;
        HEARD.fetch_add(1, Ordering::Relaxed);
    }

    #[action]
    fn heard(&self) -> i64 {
        self.heard
    }
}

/// A turn of 64 for each of them may be on its way when there is too much.
#[tokio::test]
async fn subscribers_whose_events_are_saved_wait_for_a_disk_that_is_behind() {
    const GAUGES: usize = 20;
    const EVENTS: i64 = 1_000;
    let (store, faults) = faulty();
    let builder = System::builder("gauges").store(store).only::<(Gauge,)>();
    let builder = builder.channel("pipeline.told", ChannelOptions::transient());
    let system = builder.start().await.unwrap();
    let gauge = |number: usize| system.actor_by_id::<Gauge>(number.to_string());
    for number in 0..GAUGES {
        gauge(number).heard().await.unwrap();
    }
    faults.close_gate();
    for number in 0..EVENTS {
        system.broadcast(Broadcast::to("pipeline.told", number)).await.unwrap();
        tokio::task::yield_now().await;
    }
    // Whoever can go on does, on this one thread.
    for _ in 0..10_000 {
        tokio::task::yield_now().await;
    }
    let heard = HEARD.load(Ordering::Relaxed);
    assert!((4_096..=8_192 + GAUGES * 64).contains(&heard), "{heard} commits wait");
    faults.open_gate();
    system.settled().await;
    for number in 0..GAUGES {
        assert_eq!(gauge(number).heard().await.unwrap(), EVENTS);
    }
    system.shutdown().await.unwrap();
}
