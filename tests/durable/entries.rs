//! Entries of one actor that stand for the same event.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use spawn::prelude::*;
use spawn::store::Memory;
use spawn::testing::TestSystem;

/// Who was given what, in order.
type Log = Arc<Mutex<Vec<String>>>;

/// Whether the second handler refuses.
#[derive(Default)]
struct Refuses(AtomicBool);

#[derive(Default)]
struct Twice;

/// One channel with two handlers.
#[actor(
    name = "entries_twice",
    stateful = false,
    channels = [("entries.order", first), ("entries.order", second)],
)]
impl Twice {
    #[action]
    fn first(&self, log: &Log, number: i64) {
        log.lock().push(format!("first {number}"));
    }

    #[action]
    async fn second(
        &self,
        log: &Log,
        refuses: &Arc<Refuses>,
        number: i64,
    ) -> Result<(), ActionError> {
        if refuses.0.load(Ordering::SeqCst) {
            return Err(ActionError::new("no", "not now").fatal());
        }
        log.lock().push(format!("second {number}"));
        Ok(())
    }
}

#[message(name = "entries.Sums")]
struct Sums {
    first: i64,
    second: i64,
}

/// The same with a state.
#[actor(name = "entries_sums", channels = [("entries.order", first), ("entries.order", second)])]
impl Sums {
    #[action]
    fn first(&mut self, number: i64) {
        self.first += number;
    }

    #[action]
    fn second(&mut self, number: i64) {
        self.second += number;
    }

    #[action]
    fn sums(&self) -> Self {
        self.clone()
    }
}

/// A program, and the same with an entry more, which stands before the one that was there.
#[derive(Default)]
struct Before;

#[actor(name = "entries_changed", stateful = false, channels = [("entries.>", all)])]
impl Before {
    #[action]
    fn all(&self, log: &Log, number: i64) {
        log.lock().push(format!("all {number}"));
    }
}

#[derive(Default)]
struct After;

#[actor(
    name = "entries_changed",
    stateful = false,
    channels = [("entries.order", order), ("entries.>", all)],
)]
impl After {
    #[action]
    fn all(&self, log: &Log, number: i64) {
        log.lock().push(format!("all {number}"));
    }

    #[action]
    fn order(&self, log: &Log, number: i64) {
        log.lock().push(format!("order {number}"));
    }
}

fn builder(store: &Memory, log: &Log, refuses: &Arc<Refuses>) -> spawn::SystemBuilder {
    let builder = System::builder("entries").store(store.clone());
    builder.resource(Arc::clone(log)).resource(Arc::clone(refuses))
}

async fn publish(system: &TestSystem, number: i64) {
    system.broadcast(Broadcast::to("entries.order", number)).await.unwrap();
    system.settle().await;
}

fn sorted(log: &Log) -> Vec<String> {
    let mut all = std::mem::take(&mut *log.lock());
    all.sort();
    all
}

#[tokio::test]
async fn two_handlers_of_one_channel_both_get_it() {
    let (store, log, refuses) = (Memory::new(), Log::default(), Arc::<Refuses>::default());
    let start = async || {
        let builder = builder(&store, &log, &refuses).only::<(Twice, Sums)>();
        TestSystem::from(builder.start().await.unwrap())
    };
    let system = start().await;
    for number in 1..=3 {
        publish(&system, number).await;
        assert_eq!(sorted(&log), [format!("first {number}"), format!("second {number}")]);
    }
    let sums = system.actor::<Sums>().sums().await.unwrap();
    assert_eq!((sums.first, sums.second), (6, 6));
    System::clone(&system).shutdown().await.unwrap();

    // Each goes on where it was.
    let system = start().await;
    publish(&system, 4).await;
    assert_eq!(sorted(&log), ["first 4", "second 4"]);
    let sums = system.actor::<Sums>().sums().await.unwrap();
    assert_eq!((sums.first, sums.second), (10, 10));
}

#[tokio::test]
async fn a_dead_letter_is_replayed_to_the_handler_that_gave_it_up() {
    let (store, log, refuses) = (Memory::new(), Log::default(), Arc::<Refuses>::default());
    let builder = builder(&store, &log, &refuses).only::<(Twice,)>();
    let system = TestSystem::from(builder.start().await.unwrap());
    refuses.0.store(true, Ordering::SeqCst);
    publish(&system, 1).await;
    assert_eq!(sorted(&log), ["first 1"]);
    let letters = system.dead_letters().list().await.unwrap();
    assert_eq!(letters.len(), 1);
    refuses.0.store(false, Ordering::SeqCst);
    system.dead_letters().replay(letters[0].id()).await.unwrap();
    assert_eq!(sorted(&log), ["second 1"]);
}

#[tokio::test]
async fn an_entry_may_be_added_before_one_that_overlaps() {
    let (store, log, refuses) = (Memory::new(), Log::default(), Arc::<Refuses>::default());
    let before = builder(&store, &log, &refuses).only::<(Before,)>().start().await.unwrap();
    let before = TestSystem::from(before);
    publish(&before, 1).await;
    assert_eq!(sorted(&log), ["all 1"]);
    System::clone(&before).shutdown().await.unwrap();

    let after = builder(&store, &log, &refuses).only::<(After,)>().start().await.unwrap();
    let after = TestSystem::from(after);
    for number in 2..=4 {
        publish(&after, number).await;
        assert_eq!(sorted(&log), [format!("all {number}"), format!("order {number}")]);
    }
}
