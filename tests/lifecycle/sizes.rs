//! Payloads and states that are too large.

use std::time::Duration;

use spawn::prelude::*;
use spawn::store::Memory;
use spawn::{Error, ErrorKind, TooLarge};

/// Keeps whatever it is given.
#[message(name = "sizes.Store")]
struct Shelf {
    text: String,
    heard: i64,
}

#[actor(name = "sizes_shelf", channels = [("sizes.put", put)], retry = { attempts = 3, backoff = "1ms" })]
impl Shelf {
    #[action]
    fn put(&mut self, text: String) {
        self.heard += 1;
        self.text = text;
    }

    #[action]
    fn publish(&mut self, text: String) -> Value<()> {
        self.heard += 1;
        Value::of().broadcast(Broadcast::to("sizes.told", text))
    }

    #[action]
    fn effect(&mut self, text: String) -> Value<()> {
        self.heard += 1;
        Value::of().effect(SideEffect::to("sizes_shelf", "put", text))
    }

    #[action]
    fn echo(&mut self, text: String) -> String {
        self.heard += 1;
        text
    }

    #[action]
    fn heard(&self) -> i64 {
        self.heard
    }

    #[action]
    fn length(&self) -> u64 {
        self.text.len() as u64
    }
}

/// As the shelf, saved later.
#[message(name = "sizes.Later")]
struct Later {
    text: String,
}

#[actor(name = "sizes_later", snapshot_timeout = "1h")]
impl Later {
    #[action]
    fn put(&mut self, text: String) {
        self.text = text;
    }

    #[action]
    fn length(&self) -> u64 {
        self.text.len() as u64
    }
}

fn text(length: usize) -> String {
    "x".repeat(length)
}

/// States of 1,000 bytes, payloads of 500.
async fn start(memory: Memory) -> System {
    let builder = System::builder("sizes").store(memory).only::<(Shelf, Later)>();
    builder.state_limit(1_000).payload_limit(500).start().await.unwrap()
}

#[track_caller]
fn assert_too_large(error: &Error, limit: usize, words: &str) {
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error:?}");
    let numbers = error.cause::<TooLarge>().unwrap();
    assert!(numbers.size() > limit && numbers.limit() == limit, "{error:?}");
    let said = error.to_string();
    assert!(said.contains(words) && said.contains("of the builder"), "{said}");
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn a_state_that_is_too_large_fails_the_action() {
    let memory = Memory::new();
    let system = start(memory.clone()).await;
    let shelf = system.actor::<Shelf>();
    shelf.put(text(900)).await.unwrap();
    let error = shelf.put(text(1_100)).await.unwrap_err();
    assert_eq!(error.actor().unwrap().as_str(), "sizes_shelf");
    assert_too_large(&error, 1_000, "`put` of sizes_shelf: its new state has 1105 bytes");
    assert!(error.to_string().contains("`state_limit`"));
    assert_eq!((shelf.heard().await.unwrap(), shelf.length().await.unwrap()), (1, 900));
    shelf.put(text(10)).await.unwrap();
    system.shutdown().await.unwrap();
    let system = start(memory).await;
    let shelf = system.actor::<Shelf>();
    assert_eq!((shelf.heard().await.unwrap(), shelf.length().await.unwrap()), (2, 10));
}

#[tokio::test]
async fn a_state_that_is_saved_later_has_the_limit_at_once() {
    let system = start(Memory::new()).await;
    let later = system.actor::<Later>();
    later.put(text(900)).await.unwrap();
    assert_too_large(&later.put(text(1_100)).await.unwrap_err(), 1_000, "its new state");
    assert_eq!(later.length().await.unwrap(), 900);
}

#[tokio::test]
async fn what_leaves_has_a_limit_where_it_is_saved() {
    let system = start(Memory::new()).await;
    let shelf = system.actor::<Shelf>();
    let error = shelf.publish(text(600)).await.unwrap_err();
    assert_too_large(&error, 500, "`publish` of sizes_shelf: an event for `sizes.told` has");
    let error = shelf.effect(text(600)).await.unwrap_err();
    assert_too_large(
        &error,
        500,
        "`effect` of sizes_shelf: the payload of the effect `put` of sizes_shelf",
    );
    let error = shelf.echo(text(600)).idempotency_key("k").await.unwrap_err();
    assert_too_large(&error, 500, "`echo` of sizes_shelf: the response that is kept has");
    assert_eq!(shelf.heard().await.unwrap(), 0, "they changed nothing");
    let broadcast = Broadcast::to("sizes.told", text(600));
    assert_too_large(
        &system.broadcast(broadcast).await.unwrap_err(),
        500,
        "an event for `sizes.told`",
    );
    let error = shelf.put(text(600)).delay(Duration::from_secs(1)).await.unwrap_err();
    assert_too_large(&error, 500, "`put` of sizes_shelf: its payload has");
    // What never leaves the process has none.
    assert_eq!(shelf.echo(text(600)).await.unwrap().len(), 600);
}

#[tokio::test]
async fn bytes_by_name_have_a_limit() {
    let system = start(Memory::new()).await;
    let bytes = Parcel::new(text(600)).to_bytes().unwrap();
    let payload = Parcel::encoded("google.protobuf.StringValue", bytes);
    for cast in [false, true] {
        let call = system.invoke("sizes_shelf", "echo", payload.clone());
        let call = if cast { call.cast() } else { call };
        assert_too_large(
            &call.await.unwrap_err(),
            500,
            "`echo` of sizes_shelf: its payload has 603 bytes",
        );
    }
    assert_eq!(system.actor::<Shelf>().heard().await.unwrap(), 0);
}

#[tokio::test]
async fn an_event_that_makes_a_state_too_large_is_given_up_at_once() {
    let system = start(Memory::new()).await;
    let shelf = system.actor::<Shelf>();
    // What was published under another limit is read; the state that it makes is what is too large.
    system.broadcast(Broadcast::to("sizes.put", text(490))).await.unwrap();
    system.settled().await;
    assert_eq!(shelf.length().await.unwrap(), 490);
    let small = System::builder("sizes").in_memory().only::<(Shelf,)>().state_limit(100);
    let system = small.start().await.unwrap();
    system.broadcast(Broadcast::to("sizes.put", text(200))).await.unwrap();
    system.settled().await;
    let letters = system.dead_letters().list().await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].attempts(), 1);
    assert!(letters[0].error().contains("state_limit"), "{}", letters[0].error());
}

#[tokio::test]
async fn what_was_saved_under_another_limit_is_read() {
    let memory = Memory::new();
    let large = System::builder("sizes").store(memory.clone()).only::<(Shelf, Later)>();
    let system = large.start().await.unwrap();
    let shelf = system.actor::<Shelf>();
    shelf.put(text(2_000)).await.unwrap();
    shelf.echo(text(600)).delay(Duration::from_millis(1)).await.unwrap();
    system.shutdown().await.unwrap();
    let system = start(memory).await;
    let shelf = system.actor::<Shelf>();
    assert_eq!(shelf.length().await.unwrap(), 2_000);
    // A call that waited is made, and fails since the state that it leaves is still too large; a smaller one is saved.
    shelf.put(text(20)).await.unwrap();
    assert_eq!(shelf.length().await.unwrap(), 20);
}
