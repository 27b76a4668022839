//! What an entry of `channels` can say: where it begins, and how often an event is tried.

use std::sync::Arc;
use std::time::Duration;

use spawn::prelude::*;
use spawn::store::Memory;
use spawn::testing::TestSystem;

use crate::actors::Runs;

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
    for amount in 1..=3 {
        system.broadcast(Broadcast::to("subscriptions.a", amount as i64)).await.unwrap();
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
    assert_eq!(letters.iter().map(|letter| letter.attempts()).collect::<Vec<_>>(), [3]);
}
