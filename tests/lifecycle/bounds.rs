//! What happens when something is full. The other rows of the table in `book/src/overload.md` name their own tests.

use std::sync::Arc;
use std::time::Duration;

use spawn::prelude::*;
use spawn::store::Memory;
use spawn::{ChannelOptions, ErrorKind};
use tokio::sync::Semaphore;

/// Who waits here goes on when there is a permit.
struct Gate(Semaphore);

impl Default for Gate {
    fn default() -> Self {
        Self(Semaphore::new(0))
    }
}

/// Has room for four.
#[message(name = "bounds.Narrow")]
struct Narrow {
    done: u64,
}

#[actor(name = "bounds_narrow", mailbox = 4, ask_timeout = "1h")]
impl Narrow {
    #[action]
    async fn pass(&mut self, gate: &Arc<Gate>) -> u64 {
        gate.0.acquire().await.unwrap().forget();
        self.done += 1;
        self.done
    }

    #[action]
    fn done(&self) -> u64 {
        self.done
    }
}

/// One of many that never answer.
#[derive(Default)]
struct Deaf;

#[actor(name = "bounds_deaf", kind = unnamed, stateful = false)]
impl Deaf {
    #[action]
    async fn hear(&self) {
        std::future::pending::<()>().await;
    }
}

/// Goes on to the narrow one, and has effects.
#[message(name = "bounds.Source")]
struct Source {
    told: u64,
}

#[actor(name = "bounds_source")]
impl Source {
    #[action]
    fn forward(&mut self) -> Value<u64> {
        Value::of().forward(Forward::to("bounds_narrow", "pass", ()))
    }

    #[action]
    fn tell(&mut self, many: u64) -> Value<()> {
        self.told += 1;
        Value::of().effects((0..many).map(|_| SideEffect::to("bounds_narrow", "pass", ())))
    }

    #[action]
    fn shout(&mut self, many: u64) -> Value<()> {
        let deaf = |id: u64| SideEffect::to(id.to_string(), "hear", ()).reference("bounds_deaf");
        let last = SideEffect::to("bounds_source", "heard", ());
        Value::of().effects((0..many).map(deaf)).effect(last)
    }

    #[action]
    fn heard(&mut self) {
        self.told += 1_000;
    }

    #[action]
    fn told(&self) -> u64 {
        self.told
    }
}

/// Listens, and waits.
#[derive(Default)]
struct Listener {
    heard: Vec<u64>,
}

#[actor(name = "bounds_listener", stateful = false, channels = [("bounds.light", hear)], ask_timeout = "1h")]
impl Listener {
    #[action]
    async fn hear(&mut self, number: u64, gate: &Arc<Gate>) {
        gate.0.acquire().await.unwrap().forget();
        self.heard.push(number);
    }

    #[action]
    fn count(&self) -> u64 {
        self.heard.len() as u64
    }
}

async fn start() -> (System, Arc<Gate>) {
    let gate = Arc::new(Gate::default());
    let builder = System::builder("bounds").store(Memory::new());
    let builder = builder.only::<(Narrow, Deaf, Source, Listener)>().resource(Arc::clone(&gate));
    let builder = builder.channel("bounds.light", ChannelOptions::transient());
    (builder.start().await.unwrap(), gate)
}

#[tokio::test(start_paused = true)]
async fn callers_wait_for_room_or_are_told_at_once() {
    let (system, gate) = start().await;
    let narrow = system.actor::<Narrow>();
    let callers: Vec<_> = (0..20).map(|_| tokio::spawn(narrow.pass())).collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let error = narrow.pass().fail_when_full().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Overloaded);
    assert!(error.is_retryable() && error.to_string().contains("bounds_narrow"), "{error}");
    let payload = system.invoke("bounds_narrow", "pass", ()).fail_when_full();
    assert_eq!(payload.await.unwrap_err().kind(), ErrorKind::Overloaded);
    let error = narrow.pass().timeout(Duration::from_secs(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "it waited for room");
    gate.0.add_permits(20);
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    assert_eq!(narrow.done().await.unwrap(), 20, "what was refused did not run");
    assert_eq!(
        narrow.pass().fail_when_full().timeout(Duration::from_secs(1)).await.unwrap_err().kind(),
        ErrorKind::Timeout
    );
}

#[tokio::test(start_paused = true)]
async fn effects_wait_in_the_store_for_an_actor_that_is_full() {
    let (system, gate) = start().await;
    system.actor::<Source>().tell(200).await.unwrap();
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert!(
        system.dead_letters().list().await.unwrap().is_empty(),
        "that it is full counts for nothing"
    );
    gate.0.add_permits(200);
    while system.actor::<Narrow>().done().await.unwrap() < 200 {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    system.settled().await;
    assert_eq!(system.actor::<Narrow>().done().await.unwrap(), 200, "each once");
}

#[tokio::test(start_paused = true)]
async fn effects_that_never_end_hold_nobody_up() {
    let (system, _gate) = start().await;
    // More than are begun at once.
    system.actor::<Source>().shout(3_000).await.unwrap();
    tokio::task::yield_now().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(system.actor::<Source>().told().await.unwrap(), 0, "so many are begun at once");
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(system.actor::<Source>().told().await.unwrap(), 1_000);
}

#[tokio::test(start_paused = true)]
async fn casts_that_are_left_to_the_runtime_are_bounded() {
    let (system, gate) = start().await;
    let source = system.actor::<Source>();
    for _ in 0..17_000 {
        source.forward().cast().await.unwrap();
    }
    gate.0.add_permits(20_000);
    system.settled().await;
    let done = system.actor::<Narrow>().done().await.unwrap();
    // One runs, four are in the mailbox, and so many wait for room.
    assert_eq!(done, 16_384 + 5);
}

#[tokio::test(start_paused = true)]
async fn transient_events_that_do_not_fit_are_dropped() {
    let (system, gate) = start().await;
    for number in 0..2_000_u64 {
        system.broadcast(Broadcast::to("bounds.light", number)).await.unwrap();
    }
    gate.0.add_permits(3_000);
    system.settled().await;
    // The lane holds so many, and nobody had begun with them.
    assert_eq!(system.actor::<Listener>().count().await.unwrap(), 1_024);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_nobody_reads_drops_its_oldest() {
    let (system, _gate) = start().await;
    let mut stream = system.subscribe("bounds.*").unwrap();
    for number in 0..16_384 + 10_u64 {
        system.broadcast(Broadcast::to("bounds.light", number)).await.unwrap();
    }
    assert_eq!(stream.missed(), 10);
    assert_eq!(stream.next().await.unwrap().decode::<u64>().unwrap(), 10);
}
