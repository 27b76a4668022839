//! A small shop to look into.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use spawn::admin::AdminServer;
use spawn::prelude::*;
use spawn::{BoxError, Subscriber};
use tokio::sync::Notify;

#[message(name = "admin.OrderPlaced")]
pub(crate) struct OrderPlaced {
    pub(crate) order_id: String,
    pub(crate) cents: i64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) text: String,
}

/// What the tests have in their hands.
#[derive(Default)]
pub(crate) struct Hands {
    /// Whether the ledger takes anything.
    pub(crate) is_open: AtomicBool,
    /// Whether the partner takes anything.
    pub(crate) partner_is_open: AtomicBool,
    pub(crate) had_by_partner: Mutex<Vec<(i64, u32)>>,
    pub(crate) booked: AtomicI64,
    /// Lets the cook go on.
    pub(crate) done: Notify,
}

#[message(name = "admin.Cart")]
pub(crate) struct Cart {
    pub(crate) count: i64,
    pub(crate) prices: BTreeMap<String, i64>,
}

#[actor(kind = unnamed, name = "cart", tags = { region = "eu" }, deactivate_timeout = "1h")]
impl Cart {
    #[action]
    pub(crate) fn add(&mut self, price: i64) -> Value<i64> {
        self.count += 1;
        self.prices.insert(format!("p{}", self.count), price);
        let placed = OrderPlaced { order_id: format!("o{}", self.count), cents: price };
        Value::from(self.count).broadcast(Broadcast::to("order.placed", placed))
    }

    /// Leaves the cleaning to the cook.
    #[action]
    pub(crate) fn spill(&self) -> Value<()> {
        Value::of().effect(SideEffect::to("cook", "clean", ()))
    }

    #[action]
    pub(crate) fn note(&self, text: String) -> Value<()> {
        Value::of().broadcast(Broadcast::to("cart.noted", Json(Note { text })))
    }
}

#[message(name = "admin.Ledger")]
pub(crate) struct Ledger {
    cents: i64,
}

#[actor(name = "ledger", channels = [("order.placed", book)], deactivate_timeout = "1h")]
impl Ledger {
    #[action]
    pub(crate) fn book(
        &mut self,
        event: OrderPlaced,
        hands: &Arc<Hands>,
    ) -> Result<(), ActionError> {
        if !hands.is_open.load(Ordering::SeqCst) {
            return Err(ActionError::new("closed", "the ledger is closed").fatal());
        }
        self.cents += event.cents;
        hands.booked.fetch_add(event.cents, Ordering::SeqCst);
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct Cook;

#[actor(name = "cook", stateful = false, channels = [("order.placed", cook)], deactivate_timeout = "1h")]
impl Cook {
    #[action]
    pub(crate) async fn cook(&self, _event: OrderPlaced, hands: &Arc<Hands>) {
        hands.done.notified().await;
    }

    #[action]
    pub(crate) fn clean(&self) {}
}

/// Three who wait for each other.
#[derive(Default)]
pub(crate) struct Crew;

#[actor(name = "crew", kind = pooled, stateful = false, max_pool_size = 3, deactivate_timeout = "1h")]
impl Crew {
    #[action]
    pub(crate) async fn meet(&self, table: &Table) {
        table.0.wait().await;
    }
}

/// Where they meet.
pub(crate) struct Table(pub(crate) tokio::sync::Barrier);

/// Someone outside.
pub(crate) struct Partner(pub(crate) Arc<Hands>);

impl Subscriber for Partner {
    fn channels(&self) -> Vec<String> {
        vec!["partner.>".to_owned()]
    }

    fn name(&self) -> Option<String> {
        Some("partner".to_owned())
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        if !self.0.partner_is_open.load(Ordering::SeqCst) {
            return Err(ActionError::new("away", "the partner is away").fatal().into());
        }
        let number = event.decode::<i64>()?;
        self.0.had_by_partner.lock().push((number, event.attempt()));
        Ok(())
    }
}

pub(crate) async fn shop() -> (System, Arc<Hands>) {
    let hands = Arc::new(Hands::default());
    let system = System::builder("shop")
        .in_memory()
        .only::<(Cart, Ledger, Cook)>()
        .resource(Arc::clone(&hands))
        .external_subscriber(Partner(Arc::clone(&hands)))
        .start()
        .await
        .unwrap();
    (system, hands)
}

/// The shop with its admin server, without a token.
pub(crate) async fn served() -> (System, Arc<Hands>, SocketAddr) {
    let (system, hands) = shop().await;
    let server = serve(&system).await;
    (system, hands, server.address())
}

pub(crate) async fn serve(system: &System) -> AdminServer {
    system.admin().bind((Ipv4Addr::LOCALHOST, 0)).serve().await.unwrap()
}

/// Looks until something holds.
pub(crate) async fn until<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let end = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(tokio::time::Instant::now() < end, "waited for: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Gives up `count` orders of 10 cents.
pub(crate) async fn give_up(system: &System, count: i64) {
    for _ in 0..count {
        system.actor_by_id::<Cart>("ann").add(10).await.unwrap();
    }
    until("dead letters", async || {
        let letters = system.dead_letters().list().await.unwrap();
        (letters.len() >= usize::try_from(count).unwrap()).then_some(())
    })
    .await;
}
