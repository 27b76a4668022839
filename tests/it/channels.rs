//! Who gets an event, in which order, and what becomes of those that nobody takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use spawn::prelude::*;
use spawn::prost::bytes::{Buf, BufMut};
use spawn::prost::encoding::{DecodeContext, WireType};
use spawn::prost::{self, DecodeError};
use spawn::testing::TestSystem;
use spawn::{ChannelOptions, Pattern, System};
use tokio::sync::Notify;

#[message(name = "channels.Created")]
struct Created {
    number: i64,
}

#[message(name = "channels.Removed")]
struct Removed {
    number: i64,
}

/// What was heard, by whom.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Heard {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().push(what.into());
    }

    fn take(&self) -> Vec<String> {
        let mut heard = std::mem::take(&mut *self.0.lock());
        heard.sort();
        heard
    }
}

#[message(name = "channels.Listener")]
struct Listener {
    created: Vec<i64>,
}

/// Every way to write an entry, two of which stand for the same event.
#[actor(
    name = "channels_listener",
    channels = [
        ("channels.item", created),
        ("channels.*", "anything"),
        ("channels.deep.>", deep),
        "channels.plain",
    ],
)]
impl Listener {
    #[action]
    fn created(&mut self, heard: &Arc<Heard>, event: Created) {
        self.created.push(event.number);
        heard.note(format!("created {}", event.number));
    }

    #[action]
    fn anything(&self, heard: &Arc<Heard>, event: Event) {
        heard.note(format!("anything on {}", event.channel()));
    }

    #[action]
    fn deep(&self, heard: &Arc<Heard>, event: Event) {
        heard.note(format!("deep on {}", event.channel()));
    }

    #[action]
    fn receive(&self, heard: &Arc<Heard>, event: Removed) {
        heard.note(format!("received {}", event.number));
    }

    #[action]
    fn numbers(&self) -> Numbers {
        Numbers { all: self.created.clone() }
    }
}

#[message(name = "channels.Numbers")]
struct Numbers {
    all: Vec<i64>,
}

/// Opens when the test says so.
#[derive(Default)]
struct Door(Notify);

/// Takes its time.
#[message(name = "channels.Slow")]
struct Slow {
    numbers: Vec<i64>,
}

#[actor(name = "channels_slow", mailbox = 1, channels = [("channels.many", take)])]
impl Slow {
    #[action]
    async fn take(&mut self, door: &Arc<Door>, event: Created) {
        if event.number == 0 {
            door.0.notified().await;
        }
        self.numbers.push(event.number);
    }

    #[action]
    fn numbers(&self) -> Numbers {
        Numbers { all: self.numbers.clone() }
    }
}

#[message(name = "channels.Basket")]
struct Basket {
    heard: i64,
}

#[actor(name = "channels_basket", kind = unnamed, channels = [("channels.item", created)])]
impl Basket {
    #[action]
    fn created(&mut self, _event: Created) {
        self.heard += 1;
    }

    #[action]
    fn heard(&self) -> i64 {
        self.heard
    }
}

async fn start() -> (TestSystem, Arc<Heard>, Arc<Door>) {
    let (heard, door) = (Arc::<Heard>::default(), Arc::<Door>::default());
    let resources = (Arc::clone(&heard), Arc::clone(&door));
    let system = TestSystem::with(|builder| {
        builder.only::<(Listener, Slow, Basket)>().resource(resources.0).resource(resources.1)
    });
    (system.await.unwrap(), heard, door)
}

async fn publish(system: &System, channel: &str, event: impl Into<Parcel>) {
    system.broadcast(Broadcast::to(channel.to_owned(), event)).await.unwrap();
}

#[tokio::test]
async fn each_entry_is_a_subscription() {
    let (system, heard, _door) = start().await;
    // Never used before: its subscriptions stand before the first message.
    publish(&system, "channels.item", Created { number: 1 }).await;
    system.settle().await;
    assert_eq!(heard.take(), ["anything on channels.item", "created 1"]);
    publish(&system, "channels.deep.er.and.deeper", Created { number: 1 }).await;
    publish(&system, "channels.deep", Created { number: 1 }).await;
    publish(&system, "channels", Created { number: 1 }).await;
    system.settle().await;
    assert_eq!(heard.take(), ["anything on channels.deep", "deep on channels.deep.er.and.deeper"]);
    publish(&system, "channels.plain", Removed { number: 2 }).await;
    system.settle().await;
    assert_eq!(heard.take(), ["anything on channels.plain", "received 2"]);
}

#[tokio::test]
async fn an_event_that_no_clause_takes_is_skipped() {
    let (system, heard, _door) = start().await;
    publish(&system, "channels.item", Removed { number: 1 }).await;
    publish(&system, "channels.item", Created { number: 2 }).await;
    system.settle().await;
    assert_eq!(
        heard.take(),
        ["anything on channels.item"; 2].into_iter().chain(["created 2"]).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn every_instance_that_exists_gets_it() {
    let (system, _heard, _door) = start().await;
    let baskets = ["ann", "bob"].map(|id| system.actor_by_id::<Basket>(id));
    for basket in &baskets {
        assert_eq!(basket.heard().await.unwrap(), 0);
    }
    publish(&system, "channels.item", Created { number: 1 }).await;
    system.settle().await;
    for basket in &baskets {
        assert_eq!(basket.heard().await.unwrap(), 1);
    }
    assert_eq!(system.actor_by_id::<Basket>("later").heard().await.unwrap(), 0);
}

#[tokio::test]
async fn a_slow_subscriber_holds_nobody_up_and_misses_nothing() {
    let (system, _heard, door) = start().await;
    let mut events = system.subscribe("channels.many").unwrap();
    for number in 0..10_000 {
        publish(&system, "channels.many", Created { number }).await;
    }
    for number in 0..10_000 {
        let event = events.next().await.unwrap().decode::<Created>().unwrap();
        assert_eq!(event.number, number, "others are not held up");
    }
    door.0.notify_one();
    system.settle().await;
    let numbers = system.actor::<Slow>().numbers().await.unwrap().all;
    assert_eq!(numbers, (0..10_000).collect::<Vec<_>>());
    assert_eq!(events.missed(), 0);
}

#[tokio::test]
async fn a_stream_begins_now_and_ends_with_the_system() {
    let (system, _heard, _door) = start().await;
    publish(&system, "streams.item", Created { number: 1 }).await;
    let mut events = system.subscribe("streams.item").unwrap();
    let mut others = system.subscribe("elsewhere.>").unwrap();
    publish(&system, "streams.item", Created { number: 2 }).await;
    assert_eq!(events.next().await.unwrap().decode::<Created>().unwrap().number, 2);
    assert!(events.try_next().is_none() && others.try_next().is_none());
    for number in 0..20_000 {
        publish(&system, "streams.item", Created { number }).await;
    }
    assert_eq!(events.missed(), 20_000 - 16_384, "what does not fit is counted");
    let oldest = events.next().await.unwrap().decode::<Created>().unwrap().number;
    assert_eq!(oldest, 20_000 - 16_384);
    System::clone(&system).shutdown().await.unwrap();
    let mut left = 0;
    while events.next().await.is_some() {
        left += 1;
    }
    assert_eq!(left, 16_383);
    assert!(system.subscribe("streams.>").is_err());
}

/// What can be published to can be listened to, with the same constant.
#[tokio::test]
async fn a_channel_and_a_pattern_are_patterns() {
    const ITEMS: Channel = Channel::new("streams.item");
    let (system, _heard, _door) = start().await;
    let mut one = system.subscribe(ITEMS).unwrap();
    let mut all = system.subscribe(Pattern::parse("streams.*").unwrap()).unwrap();
    let dynamic = Channel::parse(format!("streams.{}", "item")).unwrap();
    let mut same = system.subscribe(dynamic).unwrap();
    system.broadcast(Broadcast::to(ITEMS, Created { number: 1 })).await.unwrap();
    for events in [&mut one, &mut all, &mut same] {
        assert_eq!(events.next().await.unwrap().channel(), &ITEMS);
    }
}

/// A message that counts how often it is encoded and decoded.
#[derive(Clone, Debug, Default, PartialEq)]
struct Watched;

static ENCODED: AtomicUsize = AtomicUsize::new(0);
static DECODED: AtomicUsize = AtomicUsize::new(0);

impl prost::Message for Watched {
    fn encode_raw(&self, _: &mut impl BufMut) {
        ENCODED.fetch_add(1, Ordering::SeqCst);
    }

    fn merge_field(
        &mut self,
        _: u32,
        _: WireType,
        _: &mut impl Buf,
        _: DecodeContext,
    ) -> Result<(), DecodeError> {
        DECODED.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn encoded_len(&self) -> usize {
        0
    }

    fn clear(&mut self) {
        DECODED.fetch_add(1, Ordering::SeqCst);
    }
}

impl prost::Name for Watched {
    const NAME: &'static str = "Watched";
    const PACKAGE: &'static str = "channels";
}

#[derive(Default)]
struct Watcher;

#[actor(name = "channels_watcher", stateful = false, channels = [("watched.>", watch)])]
impl Watcher {
    #[action]
    fn watch(&self, heard: &Arc<Heard>, _event: Watched) {
        heard.note("watched");
    }
}

#[tokio::test]
async fn a_local_subscriber_gets_the_value_itself() {
    let heard = Arc::<Heard>::default();
    let resource = Arc::clone(&heard);
    let system = TestSystem::with(|builder| {
        let transient = ChannelOptions::transient();
        builder.only::<(Watcher,)>().resource(resource).channel("watched.lightly", transient)
    });
    let system = system.await.unwrap();
    for _ in 0..10 {
        publish(&system, "watched.lightly", Watched).await;
    }
    system.settle().await;
    assert_eq!(heard.take().len(), 10);
    assert_eq!(ENCODED.load(Ordering::SeqCst), 0, "a transient event is never encoded");
    publish(&system, "watched.durably", Watched).await;
    system.settle().await;
    assert_eq!(heard.take().len(), 1);
    assert_eq!(ENCODED.load(Ordering::SeqCst), 1, "a durable one once, for the log");
    assert_eq!(DECODED.load(Ordering::SeqCst), 0, "and nobody decodes it");
}
