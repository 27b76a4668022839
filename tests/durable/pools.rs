//! The events of a pool: each is handled at least once, by any one member, and none is lost.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use spawn::prelude::*;
use spawn::store::{Memory, Store};
use spawn::testing::TestSystem;
use spawn::{ActionError, ErrorKind};
use tokio::sync::Notify;

use crate::faulty::Faulty;

#[message(name = "durable_pools.Letter")]
struct Letter {
    number: u64,
}

#[message(name = "durable_pools.Sorted")]
struct Sorted {
    number: u64,
}

/// What the sorters are told to do, and what they did.
#[derive(Default)]
struct Script {
    /// Letters that cannot be sorted.
    fails: Mutex<BTreeSet<u64>>,
    /// Letters that wait until the gate is opened.
    gated: Mutex<BTreeSet<u64>>,
    gate: Notify,
    seen: Mutex<Vec<u64>>,
}

impl Script {
    fn seen(&self) -> Vec<u64> {
        let mut seen = self.seen.lock().clone();
        seen.sort_unstable();
        seen
    }

    fn open(&self) {
        self.gated.lock().clear();
        self.gate.notify_waiters();
    }
}

#[derive(Default)]
struct Sorter;

#[actor(
    name = "durable_pools_sorter",
    kind = pooled,
    stateful = false,
    max_pool_size = 3,
    channels = [("durable_pools.letters", sort)],
    retry = { attempts = 3, backoff = "1s", max_backoff = "1s" },
)]
impl Sorter {
    #[action]
    async fn sort(
        &mut self,
        ctx: &Context,
        script: &Arc<Script>,
        letter: Letter,
    ) -> Result<Value<()>, ActionError> {
        assert!(ctx.id().instance().is_some_and(|it| ["1", "2", "3"].contains(&it)));
        script.seen.lock().push(letter.number);
        let opened = script.gate.notified();
        let is_gated = script.gated.lock().contains(&letter.number);
        if is_gated {
            opened.await;
        }
        if script.fails.lock().contains(&letter.number) {
            return Err(ActionError::new("illegible", "the address cannot be read"));
        }
        let sorted = Sorted { number: letter.number };
        Ok(Value::of().broadcast(Broadcast::to("durable_pools.sorted", sorted)))
    }
}

async fn start(store: impl Store, script: &Arc<Script>) -> TestSystem {
    let builder = System::builder("pools").store(store).resource(Arc::clone(script));
    builder.only::<(Sorter,)>().start().await.unwrap().into()
}

async fn post(system: &System, numbers: impl IntoIterator<Item = u64>) {
    let letters = numbers.into_iter().map(|number| ("durable_pools.letters", Letter { number }));
    system.broadcast(letters.collect::<Broadcast>()).await.unwrap();
}

/// Until nothing moves but what is gated.
async fn rest() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

#[tokio::test(start_paused = true)]
async fn after_a_crash_what_had_not_ended_comes_again_and_then_no_more() {
    let (memory, script) = (Memory::new(), Arc::<Script>::default());
    let system = start(memory.clone(), &script).await;
    script.gated.lock().extend([2, 3]);
    post(&system, 1..=6).await;
    rest().await;
    assert_eq!(script.seen(), [1, 2, 3, 4, 5, 6], "two that wait do not hold the others up");
    // Another system takes over as after a crash. It cannot know that some of those behind the second one had ended.
    script.open();
    script.seen.lock().clear();
    let system = start(memory.clone(), &script).await;
    system.settle().await;
    assert_eq!(script.seen(), [2, 3, 4, 5, 6]);
    script.seen.lock().clear();
    let system = start(memory, &script).await;
    system.settle().await;
    post(&system, [7]).await;
    system.settle().await;
    assert_eq!(script.seen(), [7]);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_keeps_failing_is_given_up_beside_the_others() {
    let (memory, script) = (Memory::new(), Arc::<Script>::default());
    let system = start(memory.clone(), &script).await;
    script.fails.lock().insert(2);
    post(&system, 1..=4).await;
    rest().await;
    assert_eq!(script.seen(), [1, 2, 3, 4]);
    for _ in 0..2 {
        assert!(system.dead_letters().list().await.unwrap().is_empty());
        tokio::time::sleep(Duration::from_millis(1_250)).await;
    }
    assert_eq!(script.seen(), [1, 2, 2, 2, 3, 4]);
    let letters = system.dead_letters();
    let letter = letters.list().await.unwrap().remove(0);
    assert_eq!((letter.subscriber(), letter.attempts()), ("durable_pools_sorter", 3));
    assert!(letter.error().contains("the address cannot be read"), "{}", letter.error());
    assert_eq!(letter.event().unwrap().decode::<Letter>().unwrap().number, 2);
    // It went in the commit that moved the position past it.
    script.seen.lock().clear();
    let system = start(memory, &script).await;
    system.settle().await;
    assert_eq!(script.seen(), [0_u64; 0]);
    let letters = system.dead_letters();
    letters.replay(letter.id()).await.unwrap_err();
    script.fails.lock().clear();
    letters.replay(letter.id()).await.unwrap();
    assert!(letters.list().await.unwrap().is_empty());
    assert_eq!(script.seen(), [2, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_dead_letter_waits_for_the_events_before_it() {
    let (memory, script) = (Memory::new(), Arc::<Script>::default());
    let system = start(memory.clone(), &script).await;
    script.gated.lock().insert(1);
    script.fails.lock().extend([2, 3]);
    post(&system, 1..=4).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(system.dead_letters().list().await.unwrap().is_empty());
    script.open();
    rest().await;
    let list = system.dead_letters().list().await.unwrap();
    assert_eq!(list.len(), 2);
    script.seen.lock().clear();
    let system = start(memory, &script).await;
    system.settle().await;
    assert_eq!(script.seen(), [0_u64; 0], "the position is past all four");
    assert_eq!(system.dead_letters().list().await.unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_event_whose_publication_was_not_saved_comes_again() {
    let store = Faulty::immediate();
    let script = Arc::<Script>::default();
    let system = start(store.clone(), &script).await;
    let mut sorted = system.probe("durable_pools.sorted").unwrap();
    script.gated.lock().insert(1);
    post(&system, [1]).await;
    rest().await;
    store.faults.fail_next.store(true, std::sync::atomic::Ordering::SeqCst);
    script.open();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(sorted.expect::<Sorted>().await.number, 1);
    sorted.expect_none().await;
    assert_eq!(script.seen(), [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn many_that_fail_do_not_keep_a_call_from_a_pool() {
    let script = Arc::<Script>::default();
    let system = start(Memory::new(), &script).await;
    script.fails.lock().extend(1..=1_000);
    post(&system, 1..=1_000).await;
    rest().await;
    let called = system.actor::<Sorter>().sort(Letter { number: 2_000 });
    called.timeout(Duration::from_millis(1)).await.unwrap();
    // All are given up in the end, each once.
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    let letters = system.dead_letters().list().await.unwrap();
    let numbers = letters.iter().map(|it| it.event().unwrap().decode::<Letter>().unwrap().number);
    assert_eq!(numbers.collect::<Vec<_>>(), (1..=1_000).collect::<Vec<_>>(), "in their order");
    assert_eq!(script.seen().len(), 3 * 1_000 + 1);
    let error = system.actor::<Sorter>().sort(Letter { number: 1 }).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Action);
}
