//! Actions that the runtime calls by the clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use parking_lot::Mutex;
use spawn::ActionError;
use spawn::prelude::*;
use spawn::testing::TestSystem;
use tokio::time::Instant;

const SECOND: Duration = Duration::from_secs(1);

/// When something was done, in milliseconds since the system started.
#[derive(Clone, Debug)]
struct Times {
    began: Instant,
    all: Arc<Mutex<Vec<u128>>>,
}

impl Times {
    fn new() -> Self {
        Self { began: Instant::now(), all: Arc::default() }
    }

    fn note(&self) {
        self.all.lock().push(self.began.elapsed().as_millis());
    }

    fn take(&self) -> Vec<u128> {
        std::mem::take(&mut *self.all.lock())
    }
}

#[message(name = "timers.Heart")]
struct Heart {
    beats: u64,
}

#[actor(name = "timers_heart", deactivate_timeout = "1s")]
impl Heart {
    #[action(timer = "10s")]
    fn beat(&mut self, times: &Times) -> Value<()> {
        times.note();
        self.beats += 1;
        Value::of().broadcast(Broadcast::to("timers.beats", self.beats.cast_signed()))
    }

    #[action]
    fn beats(&self) -> u64 {
        self.beats
    }
}

#[tokio::test(start_paused = true)]
async fn a_named_actor_is_called_whether_it_is_active_or_not() {
    let times = Times::new();
    let resource = times.clone();
    let system = TestSystem::with(|it| it.only::<(Heart,)>().resource(resource)).await.unwrap();
    let mut beats = system.probe("timers.beats").unwrap();
    tokio::time::sleep(SECOND * 35).await;
    assert_eq!(times.take(), [10_000, 20_000, 30_000]);
    assert_eq!(beats.expect::<i64>().await, 1);
    assert_eq!(system.actor::<Heart>().beats().await.unwrap(), 3);
    // By hand, it is an action as any other, and moves no tick.
    system.actor::<Heart>().beat().await.unwrap();
    assert_eq!(times.take(), [35_000]);
    tokio::time::sleep(SECOND * 10).await;
    assert_eq!(times.take(), [40_000]);
    System::clone(&system).shutdown().await.unwrap();
    tokio::time::sleep(SECOND * 100).await;
    assert_eq!(times.take(), [0_u128; 0]);
}

#[derive(Default)]
struct Slow;

#[actor(name = "timers_slow", stateful = false, ask_timeout = "1s")]
impl Slow {
    #[action(timer = 10_000)]
    async fn work(&self, times: &Times) {
        times.note();
        let number = times.all.lock().len();
        if number == 2 {
            tokio::time::sleep(SECOND * 25).await;
        }
    }
}

/// The metric of the ticks of `Slow` that were left out.
#[derive(Default)]
struct Skipped(Arc<AtomicU64>);

impl Recorder for Skipped {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let labels: Vec<_> = key.labels().map(|it| (it.key(), it.value())).collect();
        let is_ours = key.name() == "spawn_timer_ticks_skipped_total"
            && labels == [("system", "test"), ("actor", "timers_slow"), ("action", "work")];
        if is_ours { Counter::from_arc(Arc::clone(&self.0)) } else { Counter::noop() }
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[tokio::test(start_paused = true)]
async fn a_tick_waits_for_the_one_before_it_and_those_that_were_missed_are_left_out() {
    let skipped = Skipped::default();
    let _guard = metrics::set_default_local_recorder(&skipped);
    let times = Times::new();
    let resource = times.clone();
    let _system = TestSystem::with(|it| it.only::<(Slow,)>().resource(resource)).await.unwrap();
    tokio::time::sleep(SECOND * 29).await;
    assert_eq!(skipped.0.load(Ordering::SeqCst), 0);
    tokio::time::sleep(SECOND * 46).await;
    assert_eq!(times.take(), [10_000, 20_000, 50_000, 60_000, 70_000]);
    assert_eq!(skipped.0.load(Ordering::SeqCst), 2, "those of 30 and 40 seconds");
}

#[message(name = "timers.Session")]
struct Session {
    ticks: u64,
}

#[actor(name = "timers_session", kind = unnamed, deactivate_timeout = "8s")]
impl Session {
    #[action(timer = "3s")]
    fn tick(&mut self, times: &Times) -> Result<(), ActionError> {
        times.note();
        self.ticks += 1;
        if self.ticks == 2 {
            return Err(ActionError::new("not_now", "the second one fails"));
        }
        Ok(())
    }

    #[action]
    fn ticks(&self) -> u64 {
        self.ticks
    }
}

#[tokio::test(start_paused = true)]
async fn an_instance_is_called_while_it_is_activated_and_is_passivated_all_the_same() {
    let times = Times::new();
    let resource = times.clone();
    let system = TestSystem::with(|it| it.only::<(Session,)>().resource(resource)).await.unwrap();
    tokio::time::sleep(SECOND * 20).await;
    assert_eq!(times.take(), [0_u128; 0], "there is no instance");
    let session = system.actor_by_id::<Session>("a");
    assert_eq!(session.ticks().await.unwrap(), 0);
    tokio::time::sleep(SECOND * 7).await;
    assert_eq!(times.take(), [23_000, 26_000]);
    assert_eq!(session.ticks().await.unwrap(), 1, "the second tick failed, and changed nothing");
    tokio::time::sleep(SECOND * 60).await;
    let after = times.take();
    assert!((2..=4).contains(&after.len()), "it is passivated after some eight seconds: {after:?}");
    session.ticks().await.unwrap();
    let again = times.began.elapsed().as_millis();
    tokio::time::sleep(SECOND * 4).await;
    assert_eq!(times.take(), [again + 3_000], "the grid begins with the activation");
}
