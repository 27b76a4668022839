//! Actors that are saved every so often: what a response, an event and a crash mean for them.

use std::time::Duration;

use spawn::prelude::*;
use spawn::store::{Memory, Store};
use spawn::testing::TestSystem;
use spawn::{ActionError, ActorId, Position};

#[message(name = "deferred.Tally")]
struct Tally {
    total: i64,
}

#[message(name = "deferred.Reached")]
struct Reached {
    total: i64,
}

#[actor(
    name = "deferred_tally",
    snapshot_timeout = "5s",
    deactivate_timeout = "1m",
    channels = [("deferred.amounts", add)],
)]
impl Tally {
    #[action]
    fn add(&mut self, amount: i64) -> i64 {
        self.total += amount;
        self.total
    }

    #[action]
    fn add_then_fail(&mut self, amount: i64) -> Result<(), ActionError> {
        self.total += amount;
        Err(ActionError::new("refused", "no"))
    }

    #[action]
    fn announce(&mut self) -> Value<()> {
        let event = Reached { total: self.total };
        Value::from(()).broadcast(Broadcast::to("deferred.reached", event))
    }

    #[action]
    async fn total(&self) -> i64 {
        self.total
    }
}

async fn start(memory: &Memory) -> TestSystem {
    let builder = System::builder("deferred").store(memory.clone()).only::<(Tally,)>();
    builder.start().await.unwrap().into()
}

/// The total that is saved, with its revision; `None` if nothing is.
fn saved(memory: &Memory) -> Option<(i64, u64)> {
    let id = ActorId::parse("deferred_tally").unwrap();
    let stored = memory.load(&id).unwrap()?;
    let state = <Tally as prost::Message>::decode(stored.state?.bytes).unwrap();
    Some((state.total, stored.revision.0))
}

#[tokio::test(start_paused = true)]
async fn a_response_does_not_wait_and_the_state_is_saved_every_so_often() {
    let memory = Memory::new();
    let system = start(&memory).await;
    let tally = system.actor::<Tally>();
    for amount in 1..=100 {
        tally.add(amount).await.unwrap();
    }
    assert_eq!(saved(&memory), None);
    system.advance(Duration::from_millis(4_900)).await;
    assert_eq!(saved(&memory), None);
    system.advance(Duration::from_millis(200)).await;
    assert_eq!(saved(&memory), Some((5_050, 1)), "a hundred changes are one revision");
    system.advance(Duration::from_secs(20)).await;
    assert_eq!(saved(&memory), Some((5_050, 1)), "nothing has changed since");
    tally.add(1).await.unwrap();
    system.advance(Duration::from_secs(6)).await;
    assert_eq!(saved(&memory), Some((5_051, 2)));
}

#[tokio::test(start_paused = true)]
async fn an_event_never_leaves_without_the_state_that_it_tells_of() {
    let memory = Memory::new();
    let system = start(&memory).await;
    let tally = system.actor::<Tally>();
    tally.add(7).await.unwrap();
    assert_eq!(saved(&memory), None);
    tally.announce().await.unwrap();
    assert_eq!(saved(&memory), Some((7, 1)));
    assert_eq!(memory.read_log(Position::default(), 10).unwrap().len(), 1);
    // The timer of the first change finds nothing to do.
    system.advance(Duration::from_secs(6)).await;
    assert_eq!(saved(&memory), Some((7, 1)));
}

#[tokio::test(start_paused = true)]
async fn an_actor_that_leaves_memory_is_saved_and_so_is_one_whose_system_stops() {
    let memory = Memory::new();
    let system = start(&memory).await;
    system.actor::<Tally>().add(1).await.unwrap();
    system.clone().shutdown().await.unwrap();
    assert_eq!(saved(&memory), Some((1, 1)));

    let system = start(&memory).await;
    assert_eq!(system.actor::<Tally>().add(1).await.unwrap(), 2);
    system.advance(Duration::from_mins(3)).await;
    assert_eq!(saved(&memory), Some((2, 2)));
    assert_eq!(system.actor::<Tally>().total().await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failed_action_goes_back_to_what_is_not_saved_yet() {
    let memory = Memory::new();
    let system = start(&memory).await;
    let tally = system.actor::<Tally>();
    tally.add(5).await.unwrap();
    tally.add_then_fail(1_000).await.unwrap_err();
    assert_eq!(tally.add(1).await.unwrap(), 6);
}

#[tokio::test(start_paused = true)]
async fn an_async_action_sees_only_what_is_saved() {
    let memory = Memory::new();
    let system = start(&memory).await;
    let tally = system.actor::<Tally>();
    tally.add(5).await.unwrap();
    assert_eq!(tally.total().await.unwrap(), 5);
    assert_eq!(saved(&memory), Some((5, 1)));
}

#[tokio::test(start_paused = true)]
async fn after_a_crash_the_events_since_the_last_save_come_again() {
    let memory = Memory::new();
    let system = start(&memory).await;
    for amount in 1..=10_i64 {
        system.broadcast(Broadcast::to("deferred.amounts", amount)).await.unwrap();
    }
    system.settle().await;
    system.actor::<Tally>().announce().await.unwrap();
    for amount in 11..=20_i64 {
        system.broadcast(Broadcast::to("deferred.amounts", amount)).await.unwrap();
    }
    system.settle().await;
    assert_eq!(saved(&memory), Some((55, 1)));
    // Another system takes over; what the first one still submits is refused.
    let next = start(&memory).await;
    next.settle().await;
    assert_eq!(next.actor::<Tally>().total().await.unwrap(), 210);
}
