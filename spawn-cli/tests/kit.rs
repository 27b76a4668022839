//! A shop that has written something, and the program.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::{BoxError, Subscriber};
use tempfile::TempDir;

#[message(name = "cli.Cart")]
pub(crate) struct Cart {
    pub(crate) count: i64,
    pub(crate) prices: Vec<i64>,
    pub(crate) customer: String,
    pub(crate) address: Option<Address>,
}

#[message(name = "cli.Address")]
pub(crate) struct Address {
    pub(crate) city: String,
    pub(crate) zip: i32,
}

#[message(name = "cli.OrderPlaced")]
pub(crate) struct OrderPlaced {
    pub(crate) order_id: String,
    pub(crate) cents: i64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) text: String,
}

#[actor(kind = unnamed, name = "cart")]
impl Cart {
    #[action]
    pub(crate) fn add(&mut self, price: i64) -> Value<i64> {
        self.count += 1;
        self.prices.push(price);
        "Ann".clone_into(&mut self.customer);
        self.address = Some(Address { city: "Tromsø".to_owned(), zip: 9_008 });
        let placed = OrderPlaced { order_id: format!("o{}", self.count), cents: price };
        let note = Json(Note { text: format!("for {price}") });
        let tags: spawn::Tags = [("region".to_owned(), "eu".to_owned())].into();
        Value::from(self.count)
            .broadcast(Broadcast::to("order.placed", placed).and("cart.noted", note))
            .tags(tags)
    }
}

/// What the tests have in their hands.
#[derive(Default)]
pub(crate) struct Hands {
    pub(crate) is_open: AtomicBool,
    pub(crate) booked: AtomicI64,
    pub(crate) attempts: AtomicI64,
}

#[message(name = "cli.Ledger")]
pub(crate) struct Ledger {
    cents: i64,
}

#[actor(name = "ledger", channels = [("order.placed", book)])]
impl Ledger {
    #[action]
    pub(crate) fn book(
        &mut self,
        ctx: &Context,
        event: OrderPlaced,
        hands: &Arc<Hands>,
    ) -> Result<(), ActionError> {
        if !hands.is_open.load(Ordering::SeqCst) {
            return Err(ActionError::new("closed", "the ledger is closed").fatal());
        }
        self.cents += event.cents;
        let attempt = ctx.event().map_or(0, Event::attempt);
        hands.attempts.store(attempt.into(), Ordering::SeqCst);
        hands.booked.fetch_add(event.cents, Ordering::SeqCst);
        Ok(())
    }

    #[action]
    pub(crate) fn close_month(&self) {}
}

pub(crate) struct Partner(pub(crate) Arc<Hands>);

impl Subscriber for Partner {
    fn channels(&self) -> Vec<String> {
        vec!["partner.>".to_owned()]
    }

    fn name(&self) -> Option<String> {
        Some("partner".to_owned())
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        if !self.0.is_open.load(Ordering::SeqCst) {
            return Err(ActionError::new("away", "the partner is away").fatal().into());
        }
        self.0.booked.fetch_add(event.decode::<i64>()?, Ordering::SeqCst);
        Ok(())
    }
}

pub(crate) async fn start(directory: &Path) -> (System, Arc<Hands>) {
    start_with(directory, |builder| builder, false).await
}

pub(crate) async fn start_with(
    directory: &Path,
    build: impl FnOnce(spawn::SystemBuilder) -> spawn::SystemBuilder,
    is_open: bool,
) -> (System, Arc<Hands>) {
    let hands = Arc::new(Hands::default());
    hands.is_open.store(is_open, Ordering::SeqCst);
    let builder = System::builder("shop")
        .store(Sqlite::at(directory))
        .only::<(Cart, Ledger)>()
        .resource(Arc::clone(&hands))
        .external_subscriber(Partner(Arc::clone(&hands)));
    (build(builder).start().await.unwrap(), hands)
}

/// Two carts, three orders that the closed ledger gave up, one event that the partner gave up, and a call that waits.
pub(crate) async fn fill(system: &System) {
    for (id, price) in [("ann", 500), ("ann", 700), ("bea", 900)] {
        system.actor_by_id::<Cart>(id).add(price).await.unwrap();
        // Given up before the next one is published, so that all is where it is every time.
        system.settled().await;
    }
    system.broadcast(Broadcast::to("partner.orders", 7_i64)).await.unwrap();
    system.actor::<Ledger>().close_month().delay(Duration::from_hours(1_000)).await.unwrap();
    let end = tokio::time::Instant::now() + Duration::from_secs(20);
    while system.dead_letters().list().await.unwrap().len() < 4 {
        assert!(tokio::time::Instant::now() < end, "the dead letters do not come");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    system.settled().await;
}

/// The data of a shop that has stopped.
pub(crate) async fn filled() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let (system, _hands) = start(directory.path()).await;
    fill(&system).await;
    system.shutdown().await.unwrap();
    directory
}

/// What the program said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.status, 0, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Runs the program on the data in `directory`.
pub(crate) fn cli(directory: &Path, arguments: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spawn-cli"));
    let output = command.arg("--data").arg(directory).args(arguments).output().unwrap();
    Said {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
