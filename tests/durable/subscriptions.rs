//! What an entry of `channels` can say: where it begins, and how often an event is tried.

use std::sync::Arc;
use std::time::Duration;

use spawn::prelude::*;
use spawn::store::{Memory, Store, Trim};
use spawn::testing::TestSystem;
use spawn::{ChannelOptions, DeadLetter, Position};
use tokio::sync::Semaphore;
use tracing_subscriber::filter::LevelFilter;

use crate::actors::Runs;
use crate::listener::Listener;

#[derive(Default)]
struct Early {
    seen: i64,
}

#[actor(name = "subscriptions_early", stateful = false, channels = [("subscriptions.a", add, from = start)])]
impl Early {
    #[action]
    fn add(&mut self, amount: i64) {
        self.seen += amount;
    }

    #[action]
    fn seen(&self) -> i64 {
        self.seen
    }
}

#[derive(Default)]
struct Late {
    seen: i64,
}

#[actor(name = "subscriptions_late", stateful = false, channels = [("subscriptions.a", "add", from = now)])]
impl Late {
    #[action]
    fn add(&mut self, amount: i64) {
        self.seen += amount;
    }

    #[action]
    fn seen(&self) -> i64 {
        self.seen
    }
}

/// Is there before the others, so that there is a system to publish in.
#[derive(Default)]
struct First;

#[actor(name = "subscriptions_first", stateful = false)]
impl First {
    #[action]
    fn nothing(&self) {}
}

#[tokio::test]
async fn a_new_subscription_begins_where_it_says() {
    let memory = Memory::new();
    let builder = || System::builder("subscriptions").store(memory.clone());
    let system = builder().only::<(First,)>().start().await.unwrap();
    for amount in 1..=3_i64 {
        system.broadcast(Broadcast::to("subscriptions.a", amount)).await.unwrap();
    }
    system.shutdown().await.unwrap();
    let system = builder().only::<(Early, Late)>().start().await.unwrap();
    let system = TestSystem::from(system);
    system.broadcast(Broadcast::to("subscriptions.a", 100_i64)).await.unwrap();
    system.settle().await;
    assert_eq!(system.actor::<Early>().seen().await.unwrap(), 106);
    assert_eq!(system.actor::<Late>().seen().await.unwrap(), 100);
}

#[derive(Default)]
struct Impatient;

#[actor(
    name = "subscriptions_impatient",
    stateful = false,
    channels = [("subscriptions.b", fail)],
    retry = { attempts = 3, backoff = "1s", max_backoff = "1s" },
)]
impl Impatient {
    #[action]
    fn fail(&mut self, runs: &Arc<Runs>, _amount: i64) -> Result<(), std::io::Error> {
        runs.count();
        Err(std::io::Error::other("no"))
    }
}

#[tokio::test(start_paused = true)]
async fn an_actor_says_how_often_an_event_is_tried() {
    let runs = Arc::new(Runs::default());
    let resource = Arc::clone(&runs);
    let system = TestSystem::with(|it| it.only::<(Impatient,)>().resource(resource)).await.unwrap();
    system.broadcast(Broadcast::to("subscriptions.b", 1_i64)).await.unwrap();
    system.settle().await;
    assert_eq!(runs.get(), 1);
    system.advance(Duration::from_millis(700)).await;
    assert_eq!(runs.get(), 1, "the pause is a second, less a fifth");
    system.advance(Duration::from_millis(500)).await;
    assert_eq!(runs.get(), 2);
    system.advance(Duration::from_millis(1_200)).await;
    assert_eq!(runs.get(), 3);
    let letters = system.dead_letters().list().await.unwrap();
    assert_eq!(letters.iter().map(DeadLetter::attempts).collect::<Vec<_>>(), [3]);
}

#[message(name = "subscriptions.Watcher")]
struct Watcher {
    seen: i64,
}

#[actor(
    name = "subscriptions_watcher",
    kind = unnamed,
    deactivate_timeout = "1s",
    channels = [("subscriptions.c", add, wake = eager), ("subscriptions.d", add)],
)]
impl Watcher {
    #[action]
    fn begin(&mut self) {
        self.seen = 1;
    }

    #[action]
    fn add(&mut self, runs: &Arc<Runs>, amount: i64) {
        runs.count();
        self.seen += amount;
    }
}

#[tokio::test(start_paused = true)]
async fn passive_instances_are_activated_for_an_event_if_the_entry_says_so() {
    let (memory, runs) = (Memory::new(), Arc::new(Runs::default()));
    let start = || {
        let builder = System::builder("subscriptions").store(memory.clone());
        builder.resource(Arc::clone(&runs)).only::<(Watcher,)>().start()
    };
    let system = TestSystem::from(start().await.unwrap());
    // More than are woken at once.
    for number in 0..150 {
        system.actor_by_id::<Watcher>(number.to_string()).begin().await.unwrap();
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    system.broadcast(Broadcast::to("subscriptions.d", 1_i64)).await.unwrap();
    system.settle().await;
    assert_eq!(runs.get(), 0, "nobody was woken");
    system.broadcast(Broadcast::to("subscriptions.c", 1_i64)).await.unwrap();
    system.settle().await;
    assert_eq!(runs.get(), 300, "each has had both");
    System::clone(&system).shutdown().await.unwrap();

    // What came while nobody was there wakes them at the start.
    let builder = System::builder("subscriptions").store(memory.clone());
    let without = builder.only::<(First,)>().start().await.unwrap();
    without.broadcast(Broadcast::to("subscriptions.c", 1_i64)).await.unwrap();
    without.shutdown().await.unwrap();
    let system = TestSystem::from(start().await.unwrap());
    system.settle().await;
    assert_eq!(runs.get(), 450);
}

/// The events that are gone cannot be had; that they are is told, once, and stays in the list.
#[tokio::test]
async fn what_had_left_the_log_before_a_subscription_is_told() {
    let told = "what was to be heard from the start had left the log in part";
    let memory = Memory::new();
    let builder = || System::builder("subscriptions").store(memory.clone());
    let system = builder().only::<(First,)>().start().await.unwrap();
    for amount in 1..=3_i64 {
        system.broadcast(Broadcast::to("subscriptions.a", amount)).await.unwrap();
    }
    let up_to = Position::from_number(2);
    let trim =
        Trim { after: Position::default(), up_to, before: u64::MAX, goes: &|_| true, limit: 9 };
    memory.trim(&trim).unwrap();
    system.shutdown().await.unwrap();
    let (listener, _listening) = Listener::listen(LevelFilter::WARN);
    for seen in [3, 0] {
        let system = builder().only::<(Early, Late)>().start().await.unwrap();
        let system = TestSystem::from(system);
        system.settle().await;
        assert_eq!(system.actor::<Early>().seen().await.unwrap(), seen);
        let rows = system.subscriptions().await.unwrap();
        let lapsed: Vec<_> = rows.iter().map(|row| (&*row.subscriber, row.lapsed)).collect();
        assert_eq!(lapsed, [("subscriptions_early", Some(up_to)), ("subscriptions_late", None)]);
        System::clone(&system).shutdown().await.unwrap();
    }
    let lines = listener.lines(told);
    let [line] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(line.fields.get("subscriber"), Some("subscriptions_early"));
    assert_eq!(line.fields.get("up_to"), Some("2"));
}

/// Begins with nothing before it may.
#[derive(Default)]
struct Held {
    heard: u64,
}

#[actor(name = "subscriptions_held", stateful = false, channels = [("held.light", hear)])]
impl Held {
    #[action]
    async fn hear(&mut self, gate: &Arc<Semaphore>, _number: u64) {
        gate.acquire().await.unwrap().forget();
        self.heard += 1;
    }

    #[action]
    fn heard(&self) -> u64 {
        self.heard
    }
}

#[tokio::test(start_paused = true)]
async fn the_log_tells_how_many_events_in_no_log_an_actor_has_missed() {
    let (listener, _listening) = Listener::listen(LevelFilter::WARN);
    let gate = Arc::new(Semaphore::new(0));
    let resource = Arc::clone(&gate);
    let system = TestSystem::with(|builder| {
        let light = ChannelOptions::transient();
        builder.only::<(Held,)>().resource(resource).channel("held.>", light)
    });
    let system = system.await.unwrap();
    for number in 0..2_000_u64 {
        system.broadcast(Broadcast::to("held.light", number)).await.unwrap();
    }
    gate.add_permits(2_000);
    system.settle().await;
    let heard = system.actor::<Held>().heard().await.unwrap();
    let lines = listener.lines("a transient subscriber is too slow");
    let [line] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(line.fields.get("actor"), Some("subscriptions_held"));
    assert_eq!(line.fields.get("missed"), Some(&*(2_000 - heard).to_string()));
    assert!(heard >= 1_024, "{heard}");
}
