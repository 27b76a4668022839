//! External subscribers: supervised, retried, restarted.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{BoxError, EventId, Subscriber};
use tokio::time::Instant;

#[message(name = "externals.Ping")]
struct Ping {
    number: i64,
}

/// Something has to be in the system.
#[derive(Default)]
struct Bystander;

#[actor(name = "externals_bystander", stateful = false)]
impl Bystander {}

/// An event that a subscriber was given.
#[derive(Clone, Debug)]
struct Given {
    number: i64,
    attempt: u32,
    id: EventId,
    at: Instant,
    /// How often the subscriber was restarted before.
    restarts: u32,
}

/// Fails or panics for as many attempts as it is told to.
struct Bridge {
    patterns: Vec<&'static str>,
    fails: u32,
    panics: u32,
    restarts: u32,
    given: Arc<Mutex<Vec<Given>>>,
}

impl Subscriber for Bridge {
    fn channels(&self) -> Vec<String> {
        self.patterns.iter().map(|&pattern| pattern.to_owned()).collect()
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        let (attempt, restarts) = (event.attempt(), self.restarts);
        let number = event.decode::<Ping>()?.number;
        let given = Given { number, attempt, id: event.id(), at: Instant::now(), restarts };
        self.given.lock().push(given);
        tokio::task::yield_now().await;
        assert!(attempt > self.panics, "the bridge is down");
        if attempt <= self.fails { Err("no connection".into()) } else { Ok(()) }
    }

    fn restart(&mut self) {
        self.restarts += 1;
    }
}

async fn start(
    patterns: &[&'static str],
    fails: u32,
    panics: u32,
) -> (TestSystem, Arc<Mutex<Vec<Given>>>) {
    let given = Arc::<Mutex<Vec<Given>>>::default();
    let (patterns, seen) = (patterns.to_vec(), Arc::clone(&given));
    let bridge = Bridge { patterns, fails, panics, restarts: 0, given: seen };
    let build =
        |builder: spawn::SystemBuilder| builder.only::<(Bystander,)>().external_subscriber(bridge);
    (TestSystem::with(build).await.unwrap(), given)
}

async fn ping(system: &TestSystem, number: i64) {
    system.broadcast(Broadcast::to("externals.ping", Ping { number })).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_error_makes_the_event_come_again_after_a_growing_pause() {
    let (system, given) = start(&["externals.*"], 3, 0).await;
    ping(&system, 1).await;
    ping(&system, 2).await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    let given = given.lock().clone();
    let attempts: Vec<_> = given.iter().map(|it| (it.number, it.attempt)).collect();
    assert_eq!(attempts, [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (2, 3), (2, 4)]);
    assert!(given[..4].iter().all(|it| it.id == given[0].id) && given[4].id != given[0].id);
    let pauses: Vec<_> = given[..4].windows(2).map(|two| two[1].at - two[0].at).collect();
    for (pause, expected) in pauses.iter().zip([100, 200, 400]) {
        let millis = pause.as_millis();
        assert!((expected * 8 / 10..=expected * 12 / 10 + 1).contains(&millis), "{pauses:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_restarts_the_subscriber_and_the_event_comes_again() {
    let (system, given) = start(&["externals.*"], 0, 2).await;
    ping(&system, 1).await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    let restarts: Vec<_> = given.lock().iter().map(|it| (it.attempt, it.restarts)).collect();
    assert_eq!(restarts, [(1, 0), (2, 1), (3, 2)]);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_keeps_failing_is_given_up_and_the_next_one_comes() {
    let (system, given) = start(&["externals.*"], 100, 0).await;
    ping(&system, 1).await;
    ping(&system, 2).await;
    tokio::time::sleep(Duration::from_mins(5)).await;
    let given = given.lock();
    assert_eq!(given.iter().filter(|it| it.number == 1).count(), 10);
    assert_eq!(given.iter().filter(|it| it.number == 2).count(), 10);
}

#[tokio::test]
async fn a_registration_gets_an_event_once() {
    let (system, given) = start(&["externals.ping", "externals.*", ">"], 0, 0).await;
    ping(&system, 1).await;
    ping(&system, 2).await;
    system.settle().await;
    assert_eq!(given.lock().iter().map(|it| it.number).collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn a_pattern_that_is_none_keeps_the_system_from_starting() {
    let bridge = Bridge {
        patterns: vec!["externals..ping"],
        fails: 0,
        panics: 0,
        restarts: 0,
        given: Arc::default(),
    };
    let build =
        |builder: spawn::SystemBuilder| builder.only::<(Bystander,)>().external_subscriber(bridge);
    let error = TestSystem::with(build).await.unwrap_err();
    assert!(
        error.to_string().contains("Bridge") && error.to_string().contains("externals..ping"),
        "{error}"
    );
}

#[tokio::test]
async fn what_was_published_before_a_shutdown_is_handed_over() {
    let (system, given) = start(&["externals.*"], 0, 0).await;
    for number in 0..100 {
        ping(&system, number).await;
    }
    System::clone(&system).shutdown().await.unwrap();
    assert_eq!(given.lock().len(), 100);
}
