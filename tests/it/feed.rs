//! Events in no log that all instances of an actor get.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Poll, Waker};
use std::time::Duration;

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{ActorId, ChannelOptions};
use tokio::sync::{Barrier, Semaphore};

const PUBLISHERS: i64 = 4;
/// How many events each publishes before all of it is handled: as many as wait for one who is slow, or fewer.
const EVENTS: i64 = 250;

/// What each instance has heard.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<BTreeMap<String, Vec<i64>>>>);

impl Heard {
    fn note(&self, who: &str, number: i64) {
        self.0.lock().unwrap().entry(who.to_owned()).or_default().push(number);
    }

    fn of(&self, who: &str) -> Vec<i64> {
        self.0.lock().unwrap().get(who).cloned().unwrap_or_default()
    }
}

/// The events of each publisher, in the order in which they were heard.
fn by_publisher(numbers: &[i64]) -> impl Iterator<Item = Vec<i64>> {
    (0..PUBLISHERS).map(|publisher| {
        let all = numbers.iter().filter(|number| **number % PUBLISHERS == publisher);
        all.map(|number| number / PUBLISHERS).collect()
    })
}

struct Quick {
    name: String,
    heard: Heard,
}

#[actor(name = "feed_quick", kind = unnamed, stateful = false, channels = [("feed.>", take)])]
impl Quick {
    #[action]
    fn ready(&self) {}

    #[action]
    fn take(&mut self, number: i64) {
        self.heard.note(&self.name, number);
    }
}

/// Waits within each event.
struct Slow {
    name: String,
    heard: Heard,
}

#[actor(name = "feed_slow", kind = unnamed, stateful = false, channels = [("feed.>", take)])]
impl Slow {
    #[action]
    fn ready(&self) {}

    #[action]
    async fn take(&mut self, number: i64) {
        tokio::task::yield_now().await;
        self.heard.note(&self.name, number);
    }
}

/// Fails with some events, one way or the other, and has more to do than to hear.
struct Fragile {
    name: String,
    heard: Heard,
}

#[actor(name = "feed_fragile", kind = unnamed, stateful = false, channels = [("feed.light", take)])]
impl Fragile {
    #[action]
    fn ready(&self) {}

    #[action]
    fn take(&mut self, number: i64) -> Result<Value<()>, ActionError> {
        self.heard.note(&self.name, number);
        match number / PUBLISHERS % 7 {
            3 => Err(ActionError::new("no", "not this one")),
            5 => Ok(Value::of().broadcast(Broadcast::to("elsewhere", number))),
            _ => Ok(Value::of()),
        }
    }
}

/// Has a clause for numbers and one for text, and none for anything else.
struct Choosy {
    name: String,
    heard: Heard,
}

#[actor(name = "feed_choosy", kind = unnamed, stateful = false, channels = [("feed.mixed", take)])]
impl Choosy {
    #[action]
    fn ready(&self) {}

    #[action]
    fn take(&mut self, number: i64) -> Result<(), ActionError> {
        self.heard.note(&self.name, number);
        match number % 13 {
            3 => panic!("not this one"),
            5 => Err(ActionError::new("no", "nor this one")),
            _ => Ok(()),
        }
    }

    #[action(name = "take")]
    fn take_text(&mut self, text: String) -> Value<()> {
        let number = text.parse().unwrap();
        self.heard.note(&self.name, number);
        if number % 13 == 7 {
            return Value::of().broadcast(Broadcast::to("elsewhere", number));
        }
        Value::of()
    }
}

/// Saved with each event.
#[message(name = "feed.Saved")]
struct Saved {
    numbers: Vec<i64>,
}

#[message(name = "feed.Numbers")]
struct Numbers {
    all: Vec<i64>,
}

#[actor(name = "feed_saved", kind = unnamed, channels = [("feed.>", take)])]
impl Saved {
    #[action]
    fn ready(&self) {}

    #[action]
    fn take(&mut self, number: i64) -> Result<(), ActionError> {
        self.numbers.push(number);
        if number < 0 { Err(ActionError::new("no", "not this one")) } else { Ok(()) }
    }

    #[action]
    fn numbers(&self) -> Numbers {
        Numbers { all: self.numbers.clone() }
    }
}

/// Takes its first event when it may.
struct Blocked {
    gate: Arc<Semaphore>,
    name: String,
    heard: Heard,
}

#[actor(name = "feed_blocked", kind = unnamed, stateful = false, channels = [("feed.light", take)])]
impl Blocked {
    #[action]
    fn ready(&self) {}

    #[action]
    async fn take(&mut self, number: i64) {
        self.gate.acquire().await.unwrap().forget();
        self.heard.note(&self.name, number);
    }
}

/// Is called, from among its events, after the fifth of them.
struct Called {
    system: Arc<OnceLock<System>>,
    heard: Heard,
}

#[actor(name = "feed_called", kind = unnamed, stateful = false, channels = [("feed.light", take)])]
impl Called {
    #[action]
    fn ready(&self) {}

    #[action]
    fn take(&mut self, number: i64) {
        self.heard.note("called", number);
        if number == 5 {
            let call = self.system.get().unwrap().actor_by_id::<Called>("one").call();
            let left = pin!(call.cast()).poll(&mut std::task::Context::from_waker(Waker::noop()));
            assert!(matches!(left, Poll::Ready(Ok(()))), "{left:?}");
        }
    }

    #[action]
    fn call(&mut self) {
        self.heard.note("called", -1);
    }
}

/// One of them does not let the thread go.
struct Stuck {
    name: String,
    gate: Arc<std::sync::Barrier>,
}

#[actor(name = "feed_stuck", kind = unnamed, stateful = false, channels = [("feed.light", take)])]
impl Stuck {
    #[action]
    fn ready(&self) {}

    #[action]
    fn take(&self, _number: &i64) {
        if self.name.ends_with("/first") {
            self.gate.wait();
        }
    }
}

/// How many events the one has handled that takes its time, awake; and how many of them when the last of the others had all.
#[derive(Default)]
struct Counts {
    heavy: AtomicI64,
    when_others_had_all: AtomicI64,
}

struct Uneven {
    is_heavy: bool,
    handled: i64,
    counts: Arc<Counts>,
}

/// How many events there are for them.
const UNEVEN: i64 = 300;

#[actor(name = "feed_uneven", kind = unnamed, stateful = false, channels = [("feed.light", take)])]
impl Uneven {
    #[action]
    fn ready(&self) {}

    #[action]
    fn take(&mut self, number: &i64) {
        assert_eq!(self.handled, *number, "in their order");
        self.handled += 1;
        if self.is_heavy {
            std::thread::sleep(Duration::from_micros(200));
            self.counts.heavy.store(self.handled, Ordering::Relaxed);
        } else if self.handled == UNEVEN {
            let heavy = self.counts.heavy.load(Ordering::Relaxed);
            self.counts.when_others_had_all.fetch_max(heavy, Ordering::Relaxed);
        }
    }

    #[action]
    fn handled(&self) -> i64 {
        self.handled
    }
}

struct Setting {
    system: TestSystem,
    heard: Heard,
    gate: Arc<Semaphore>,
}

async fn start() -> Setting {
    let (heard, gate) = (Heard::default(), Arc::new(Semaphore::new(0)));
    let named = |id: &ActorId| id.to_string();
    let given = heard.clone();
    let given = move || given.clone();
    let system = TestSystem::with(|builder| {
        let (quick, slow, fragile, choosy, blocked) =
            (given.clone(), given.clone(), given.clone(), given.clone(), given);
        let gate = Arc::clone(&gate);
        builder
            .provide(move |id| Quick { name: named(id), heard: quick() })
            .provide(move |id| Slow { name: named(id), heard: slow() })
            .provide(move |id| Fragile { name: named(id), heard: fragile() })
            .provide(move |id| Choosy { name: named(id), heard: choosy() })
            .provide(move |id| Blocked {
                gate: Arc::clone(&gate),
                name: named(id),
                heard: blocked(),
            })
            .only::<(Quick, Slow, Fragile, Choosy, Saved, Blocked)>()
            .channel("feed.light", ChannelOptions::transient())
            .channel("feed.mixed", ChannelOptions::transient())
    });
    Setting { system: system.await.unwrap(), heard, gate }
}

/// All publish at once, and wait for each other and for the subscribers after every few events. Every `durable`th event is in the log.
async fn publish_all(system: &Arc<TestSystem>, rounds: i64, durable: i64) {
    let barrier = Arc::new(Barrier::new(usize::try_from(PUBLISHERS).unwrap()));
    let publishers = (0..PUBLISHERS).map(|publisher| {
        let (system, barrier) = (Arc::clone(system), Arc::clone(&barrier));
        tokio::spawn(async move {
            for number in 0..rounds * EVENTS {
                let channel = if number % durable == 1 { "feed.kept" } else { "feed.light" };
                let event = Broadcast::to(channel, number * PUBLISHERS + publisher);
                system.broadcast(event).await.unwrap();
                if number % EVENTS == EVENTS - 1 {
                    if barrier.wait().await.is_leader() {
                        system.settle().await;
                    }
                    barrier.wait().await;
                }
            }
        })
    });
    for publisher in publishers.collect::<Vec<_>>() {
        publisher.await.unwrap();
    }
    system.settle().await;
}

fn assert_has_all(who: &str, numbers: &[i64], expected: impl Fn(i64) -> bool, end: i64) {
    for (publisher, heard) in by_publisher(numbers).enumerate() {
        let expected: Vec<_> = (0..end).filter(|number| expected(*number)).collect();
        assert_eq!(heard, expected, "{who} of {publisher}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everybody_hears_each_event_once_and_in_its_publishers_order() {
    let Setting { system, heard, .. } = start().await;
    let system = Arc::new(system);
    for number in 0..5 {
        system.actor_by_id::<Quick>(number.to_string()).ready().await.unwrap();
        system.actor_by_id::<Slow>(number.to_string()).ready().await.unwrap();
        system.actor_by_id::<Fragile>(number.to_string()).ready().await.unwrap();
        system.actor_by_id::<Saved>(number.to_string()).ready().await.unwrap();
    }
    // Those that are in the log, and those that are not, by turns.
    publish_all(&system, 1, 5).await;
    for number in 0..5 {
        for kind in ["quick", "slow"] {
            let who = format!("feed_{kind}/{number}");
            assert_has_all(&who, &heard.of(&who), |_| true, EVENTS);
        }
        let who = format!("feed_fragile/{number}");
        assert_has_all(&who, &heard.of(&who), |number| number % 5 != 1, EVENTS);
        let saved = system.actor_by_id::<Saved>(number.to_string()).numbers().await.unwrap();
        assert_has_all("saved", &saved.all, |_| true, EVENTS);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_begins_meanwhile_hears_everything_from_there_on() {
    let Setting { system, heard, .. } = start().await;
    let system = Arc::new(system);
    let beginning = {
        let system = Arc::clone(&system);
        tokio::spawn(async move {
            for number in 0..200 {
                system.actor_by_id::<Quick>(number.to_string()).ready().await.unwrap();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
    };
    // More than are kept before the feed begins again.
    publish_all(&system, 10, i64::MAX).await;
    beginning.await.unwrap();
    let all = heard.0.lock().unwrap().clone();
    assert!(all.values().any(|numbers| numbers.len() > 5_000), "somebody was there early");
    for (who, numbers) in all {
        for heard in by_publisher(&numbers) {
            let first = heard.first().copied().unwrap_or(10 * EVENTS);
            assert!(heard.iter().copied().eq(first..10 * EVENTS), "{who} from {first}: {heard:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_slow_keeps_no_more_than_a_lane_holds_and_nobody_else_waits() {
    let Setting { system, heard, gate } = start().await;
    system.actor_by_id::<Blocked>("one").ready().await.unwrap();
    system.actor_by_id::<Quick>("one").ready().await.unwrap();
    for number in 0..2_000_i64 {
        system.broadcast(Broadcast::to("feed.light", number)).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(heard.of("feed_quick/one"), (0..2_000).collect::<Vec<_>>());
    gate.add_permits(3_000);
    system.settle().await;
    // One was in its hands already.
    assert_eq!(heard.of("feed_blocked/one"), (0..1_025).collect::<Vec<_>>());
    system.broadcast(Broadcast::to("feed.light", 5_000_i64)).await.unwrap();
    system.settle().await;
    assert_eq!(heard.of("feed_blocked/one").last(), Some(&5_000), "it goes on with what comes");
}

#[tokio::test(start_paused = true)]
async fn who_is_passive_hears_nothing_until_it_is_called_again() {
    let Setting { system, heard, .. } = start().await;
    let one = system.actor_by_id::<Quick>("one");
    for number in 0..20_i64 {
        one.ready().await.unwrap();
        system.broadcast(Broadcast::to("feed.light", number)).await.unwrap();
        system.settle().await;
        assert_eq!(heard.of("feed_quick/one").last(), Some(&number));
        tokio::time::sleep(Duration::from_mins(1)).await;
        system.broadcast(Broadcast::to("feed.light", -1_i64)).await.unwrap();
        system.settle().await;
    }
    assert_eq!(heard.of("feed_quick/one"), (0..20).collect::<Vec<_>>());
}

/// Whatever waits is handled in one go, each event by the clause that takes it, and what one of them comes to changes nothing for the next.
#[tokio::test(start_paused = true)]
async fn events_of_many_types_are_heard_in_their_order() {
    let Setting { system, heard, .. } = start().await;
    let mut passed_on = system.probe("elsewhere").unwrap();
    system.actor_by_id::<Choosy>("one").ready().await.unwrap();
    let mut expected = Vec::new();
    let mut last = 0;
    for number in 0..2_000_i64 {
        // Two of a type and more come one after the other now and then.
        let kind = (number / 2 * 7 + number / 5) % 3;
        let event = match kind {
            0 => Broadcast::to("feed.mixed", number),
            1 => Broadcast::to("feed.mixed", number.to_string()),
            _ => Broadcast::to("feed.mixed", number % 2 == 0),
        };
        expected.extend((kind < 2).then_some(number));
        system.broadcast(event).await.unwrap();
        // Up to a hundred at a time.
        if number - last > number % 101 {
            last = number;
            system.settle().await;
        }
    }
    system.settle().await;
    assert_eq!(heard.of("feed_choosy/one"), expected);
    let is_passed_on = |number: &i64| number % 13 == 7 && (number / 2 * 7 + number / 5) % 3 == 1;
    for number in expected.into_iter().filter(is_passed_on) {
        assert_eq!(passed_on.expect::<i64>().await, number);
    }
    passed_on.expect_none().await;
}

/// An event that is in no log changes a state like any other.
#[tokio::test(start_paused = true)]
async fn what_a_saved_actor_hears_is_saved_and_what_fails_leaves_nothing() {
    let Setting { system, .. } = start().await;
    let saved = system.actor_by_id::<Saved>("one");
    saved.ready().await.unwrap();
    for number in 0..100_i64 {
        let number = if number % 7 == 3 { -number } else { number };
        system.broadcast(Broadcast::to("feed.light", number)).await.unwrap();
    }
    system.settle().await;
    let expected: Vec<i64> = (0..100).filter(|number| number % 7 != 3).collect();
    assert_eq!(saved.numbers().await.unwrap().all, expected);
    // It leaves memory, and what it comes back with is what was saved.
    system.advance(Duration::from_mins(1)).await;
    assert_eq!(saved.numbers().await.unwrap().all, expected);
}

/// Who has many to handle goes on with them after a turn, but not while somebody waits.
#[tokio::test(start_paused = true)]
async fn a_call_waits_for_no_more_events_than_a_turn_has() {
    let (heard, own) = (Heard::default(), Arc::<OnceLock<System>>::default());
    let (noted, given) = (heard.clone(), Arc::clone(&own));
    let system = TestSystem::with(|builder| {
        builder
            .provide(move |_| Called { system: Arc::clone(&given), heard: noted.clone() })
            .only::<(Called,)>()
            .channel("feed.light", ChannelOptions::transient())
    });
    let system = system.await.unwrap();
    own.set(System::clone(&system)).unwrap();
    system.actor_by_id::<Called>("one").ready().await.unwrap();
    for number in 0..500_i64 {
        system.broadcast(Broadcast::to("feed.light", number)).await.unwrap();
    }
    system.settle().await;
    let heard = heard.of("called");
    let turn = heard.iter().position(|number| *number == -1).unwrap();
    assert!(turn <= 64, "after {turn} events");
    let events: Vec<_> = heard.into_iter().filter(|number| *number >= 0).collect();
    assert_eq!(events, (0..500).collect::<Vec<_>>());
}

/// Those who are woken together handle their events one after the other, but nobody stays with them who keeps them waiting.
#[tokio::test]
async fn who_takes_long_holds_up_those_who_were_woken_with_it_for_one_turn() {
    let counts = Arc::<Counts>::default();
    let given = Arc::clone(&counts);
    let builder = System::builder("uneven").in_memory().only::<(Uneven,)>();
    let builder = builder.channel("feed.light", ChannelOptions::transient());
    let uneven = move |id: &ActorId| Uneven {
        is_heavy: id.instance() == Some("heavy"),
        handled: 0,
        counts: Arc::clone(&given),
    };
    let system = builder.provide(uneven).start().await.unwrap();
    for name in ["heavy", "light", "lighter"] {
        system.actor_by_id::<Uneven>(name).ready().await.unwrap();
    }
    // All of them at once, and then as long as they last.
    for number in 0..UNEVEN {
        system.broadcast(Broadcast::to("feed.light", number)).await.unwrap();
    }
    system.settled().await;
    for name in ["heavy", "light", "lighter"] {
        assert_eq!(system.actor_by_id::<Uneven>(name).handled().await.unwrap(), UNEVEN);
    }
    // It has had a turn or two of its five by then.
    let of_heavy = counts.when_others_had_all.load(Ordering::Relaxed);
    assert!((1..=2 * 64).contains(&of_heavy), "after {of_heavy} of the one that takes long");
}

/// Who has not had its turn in a round is not at rest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_that_is_over_names_those_whose_events_wait_for_their_turn() {
    let gate = Arc::new(std::sync::Barrier::new(2));
    let given = Arc::clone(&gate);
    let builder = System::builder("stuck").in_memory().only::<(Stuck,)>();
    let builder = builder.channel("feed.light", ChannelOptions::transient());
    let stuck = move |id: &ActorId| Stuck { name: id.to_string(), gate: Arc::clone(&given) };
    let system = builder.provide(stuck).start().await.unwrap();
    for name in ["first", "second"] {
        system.actor_by_id::<Stuck>(name).ready().await.unwrap();
    }
    system.broadcast(Broadcast::to("feed.light", 1_i64)).await.unwrap();
    let report = system.shutdown_within(Duration::from_millis(50)).await.unwrap();
    gate.wait();
    let left = report.unfinished().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(left.contains("feed_stuck/first") && left.contains("feed_stuck/second"), "{left}");
}
