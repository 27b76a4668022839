//! A failed action changes nothing, publishes nothing, and is told; the actor stays available.

use std::collections::HashMap;

use spawn::prelude::*;
use spawn::testing::TestSystem;
use spawn::{ActionError, Call, ErrorKind};

#[derive(Debug, thiserror::Error)]
#[error("no stock of {sku}")]
struct NoStock {
    sku: String,
}

#[message(name = "failures.Stock")]
struct Stock {
    by_sku: HashMap<String, i64>,
    moves: Vec<i64>,
}

#[actor(name = "failures_stock")]
impl Stock {
    #[action]
    fn add(&mut self, amount: i64) -> i64 {
        *self.by_sku.entry("a".to_owned()).or_default() += amount;
        self.moves.push(amount);
        i64::try_from(self.moves.len()).unwrap()
    }

    fn spoil(&mut self) {
        self.by_sku.clear();
        self.by_sku.insert("spoiled".to_owned(), 1);
        self.moves.push(-1);
    }

    #[action]
    fn fails(&mut self) -> Result<(), NoStock> {
        self.spoil();
        Err(NoStock { sku: "a".to_owned() })
    }

    #[action]
    fn panics(&mut self) {
        self.spoil();
        panic!("the shelf fell over");
    }

    #[action]
    fn panics_oddly(&mut self) {
        self.spoil();
        std::panic::panic_any(7_u8);
    }

    #[action]
    async fn fails_later(&mut self) -> Result<(), ActionError> {
        self.spoil();
        tokio::task::yield_now().await;
        Err(ActionError::new("out_of_stock", "nothing left").fatal())
    }

    #[action]
    async fn panics_later(&mut self) {
        self.spoil();
        tokio::task::yield_now().await;
        self.spoil();
        panic!("the shelf fell over later");
    }

    #[action]
    async fn panics_at_once(&mut self) {
        self.spoil();
        panic!("the shelf fell over at once");
    }

    /// The new state and the event are part of what fails.
    #[action]
    fn publishes_to_nowhere(&mut self, channel: String) -> Value<i64> {
        self.spoil();
        Value::from(1)
            .broadcast(Broadcast::to("failures.events", "first".to_owned()))
            .broadcast(Broadcast::to(channel, "second".to_owned()))
    }

    #[action]
    fn read_only_panics(&self) {
        panic!("while looking");
    }

    #[action]
    async fn read_only_panics_later(&self) {
        tokio::task::yield_now().await;
        panic!("while looking for long");
    }

    #[action]
    fn seen(&self) -> Stock {
        self.clone()
    }
}

/// Keeps what it was told, and forgets it after a panic, since nobody knows what the panic left.
#[derive(Default)]
struct Notes(Vec<i64>);

#[actor(name = "failures_notes", stateful = false)]
impl Notes {
    #[action]
    fn note(&mut self, amount: i64) -> Result<i64, ActionError> {
        self.0.push(amount);
        if amount < 0 {
            return Err(ActionError::new("negative", "less than nothing"));
        }
        Ok(i64::try_from(self.0.len()).unwrap())
    }

    #[action]
    fn panics(&mut self) {
        self.0.push(0);
        panic!("dropped the notebook");
    }
}

async fn start() -> TestSystem {
    TestSystem::with(|builder| builder.only::<(Stock, Notes)>()).await.unwrap()
}

async fn fails<P: Send + 'static, R: Send + std::fmt::Debug + 'static>(
    call: Call<Stock, P, R>,
    kind: ErrorKind,
    message: &str,
) -> spawn::Error {
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), kind, "{error:?}");
    assert_eq!(error.to_string(), message);
    error
}

#[tokio::test]
async fn a_failure_rolls_the_state_back_and_is_told() {
    let system = start().await;
    let stock = system.actor::<Stock>();
    let mut events = system.probe("failures.>").unwrap();
    assert_eq!(stock.add(5).await.unwrap(), 1);
    let before = stock.seen().await.unwrap();

    let error = fails(stock.fails(), ErrorKind::Action, "`fails` of failures_stock: failed").await;
    assert_eq!(error.cause::<NoStock>().unwrap().sku, "a");
    assert!(error.is_retryable());
    let text = "`fails_later` of failures_stock: failed";
    let error = fails(stock.fails_later(), ErrorKind::Action, text).await;
    assert_eq!(error.cause::<ActionError>().unwrap().code(), "out_of_stock");
    assert!(!error.is_retryable());
    let text = "`panics` of failures_stock: panicked: the shelf fell over";
    fails(stock.panics(), ErrorKind::Panic, text).await;
    let text = "`panics_oddly` of failures_stock: panicked: a value that is not text";
    fails(stock.panics_oddly(), ErrorKind::Panic, text).await;
    let text = "`panics_later` of failures_stock: panicked: the shelf fell over later";
    fails(stock.panics_later(), ErrorKind::Panic, text).await;
    let text = "`panics_at_once` of failures_stock: panicked: the shelf fell over at once";
    fails(stock.panics_at_once(), ErrorKind::Panic, text).await;
    let text = "`read_only_panics` of failures_stock: panicked: while looking";
    fails(stock.read_only_panics(), ErrorKind::Panic, text).await;
    let error = stock.publishes_to_nowhere("not a channel".to_owned()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidName, "{error:?}");

    assert_eq!(stock.seen().await.unwrap(), before, "no failure left a trace");
    assert_eq!(stock.add(1).await.unwrap(), 2, "and the actor is available");
    events.expect_none().await;
    assert_eq!(stock.publishes_to_nowhere("failures.fine".to_owned()).await.unwrap(), 1);
    assert_eq!(events.expect::<String>().await, "first");
    assert_eq!(events.expect::<String>().await, "second");
}

#[tokio::test]
async fn a_stateless_actor_stays_available() {
    let system = start().await;
    let notes = system.actor::<Notes>();
    assert_eq!(notes.note(1).await.unwrap(), 1);
    assert_eq!(notes.note(-1).await.unwrap_err().kind(), ErrorKind::Action);
    assert_eq!(notes.note(1).await.unwrap(), 3, "nothing is rolled back where nothing is saved");
    assert_eq!(notes.panics().await.unwrap_err().kind(), ErrorKind::Panic);
    assert_eq!(notes.note(1).await.unwrap(), 1, "made again from the start");
}

#[tokio::test]
async fn the_error_of_a_cast_is_not_the_senders() {
    let system = start().await;
    let stock = system.actor::<Stock>();
    stock.fails().cast().await.unwrap();
    stock.publishes_to_nowhere("not a channel".to_owned()).cast().await.unwrap();
    stock.panics_later().cast().await.unwrap();
    system.settle().await;
    assert_eq!(stock.add(1).await.unwrap(), 1);
}

#[tokio::test]
async fn a_failure_in_the_mailbox_takes_nothing_from_its_neighbours() {
    let system = start().await;
    let stock = system.actor::<Stock>();
    let mut kinds = Vec::new();
    let mut added = Vec::new();
    for round in 1..=10 {
        // The first of all runs in place and waits; the others are opened from the mailbox.
        let (failing, looking) = (stock.panics_later(), stock.read_only_panics_later());
        let (refused, adding) = (stock.fails_later(), stock.add(round));
        kinds.push(tokio::spawn(async { failing.await.unwrap_err().kind() }));
        kinds.push(tokio::spawn(async { looking.await.unwrap_err().kind() }));
        kinds.push(tokio::spawn(async { refused.await.unwrap_err().kind() }));
        added.push((round, tokio::spawn(adding)));
    }
    for (round, call) in added {
        assert_eq!(call.await.unwrap().unwrap(), round);
    }
    for (place, kind) in kinds.into_iter().enumerate() {
        let expected = if place % 3 == 2 { ErrorKind::Action } else { ErrorKind::Panic };
        assert_eq!(kind.await.unwrap(), expected);
    }
    assert_eq!(stock.seen().await.unwrap().moves, (1..=10).collect::<Vec<_>>());
}

/// Panics when it is dropped, once it was told to.
#[derive(Default)]
struct Sore {
    touched: i64,
    is_armed: bool,
}

impl Drop for Sore {
    fn drop(&mut self) {
        assert!(!self.is_armed, "it hurts");
    }
}

#[actor(name = "failures_sore", kind = unnamed, stateful = false, deactivate_timeout = "1s")]
impl Sore {
    #[action]
    fn touch(&mut self) -> i64 {
        self.touched += 1;
        self.touched
    }

    #[action]
    fn arm(&mut self) {
        self.is_armed = true;
    }

    #[action]
    fn fall(&mut self) {
        panic!("fell");
    }
}

#[tokio::test(start_paused = true)]
async fn a_state_that_panics_when_it_is_dropped_harms_nobody() {
    let system = TestSystem::with(|builder| builder.only::<(Sore,)>()).await.unwrap();
    let sore = system.actor_by_id::<Sore>("a");
    sore.arm().await.unwrap();
    let error = sore.fall().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Panic);
    assert_eq!(error.to_string(), "`fall` of failures_sore/a: panicked: fell");

    // The same at passivation, which goes on for the others.
    for _ in 0..2 {
        for id in ["a", "b", "c"] {
            let sore = system.actor_by_id::<Sore>(id);
            assert_eq!(sore.touch().await.unwrap(), 1, "made anew");
            sore.arm().await.unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    }
}
