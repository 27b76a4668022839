//! Many events, or one with many parts: `cargo run --release --example efficient_broadcasting`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::{BoxError, Client};

const ORDERS: i64 = 100;

// ANCHOR: events
#[message(name = "efficient_broadcasting.OrderCreated")]
struct OrderCreated {
    order_id: i64,
    user_id: String,
}

/// What was done together is told together.
#[message(name = "efficient_broadcasting.BulkOrdersProcessed")]
struct BulkOrdersProcessed {
    orders: Vec<OrderCreated>,
}
// ANCHOR_END: events

/// Orders that have these numbers.
#[message(name = "efficient_broadcasting.Orders")]
struct Orders {
    ids: Vec<i64>,
}

// ANCHOR: publisher
#[message(name = "efficient_broadcasting.OrderProcessor")]
struct OrderProcessor {
    processed: i64,
}

impl OrderProcessor {
    fn process(&mut self, order_id: i64) -> OrderCreated {
        self.processed += 1;
        OrderCreated { order_id, user_id: format!("user-{}", order_id % 100) }
    }
}

#[actor(name = "order_processor")]
impl OrderProcessor {
    /// One order, one event: a commit for each.
    #[action]
    fn process_order(&mut self, id: i64) -> Value<()> {
        let event = self.process(id);
        Value::of().broadcast(Broadcast::to("order.events", event))
    }

    /// Many orders, an event for each: one commit for all.
    #[action]
    fn process_orders(&mut self, orders: Orders) -> Value<()> {
        let events = orders.ids.into_iter().map(|id| ("order.events", self.process(id)));
        Value::of().broadcast(events.collect())
    }

    /// Many orders, one event: one commit, and one for each subscriber.
    #[action]
    fn process_bulk_orders(&mut self, orders: Orders) -> Value<()> {
        let orders = orders.ids.into_iter().map(|id| self.process(id)).collect();
        Value::of().broadcast(Broadcast::to("order.events", BulkOrdersProcessed { orders }))
    }
}
// ANCHOR_END: publisher

// ANCHOR: subscriber
/// Counts orders, however they come.
#[message(name = "efficient_broadcasting.Statistics")]
struct Statistics {
    orders: i64,
    events: i64,
}

#[actor(name = "statistics", channels = [("order.events", count)])]
impl Statistics {
    #[action]
    fn count(&mut self, _event: OrderCreated) {
        self.orders += 1;
        self.events += 1;
    }

    #[action(name = "count")]
    fn count_all(&mut self, event: BulkOrdersProcessed) {
        self.orders += i64::try_from(event.orders.len()).unwrap_or(i64::MAX);
        self.events += 1;
    }

    #[action]
    fn counted(&self) -> Statistics {
        self.clone()
    }
}
// ANCHOR_END: subscriber

// ANCHOR: ways
async fn one_after_the_other(processor: Client<OrderProcessor>) -> spawn::Result<()> {
    for id in 0..ORDERS {
        processor.process_order(id).await?;
    }
    Ok(())
}

async fn all_at_once(processor: Client<OrderProcessor>) -> spawn::Result<()> {
    try_join_all((0..ORDERS).map(|id| processor.process_order(id).into_future())).await.map(drop)
}

async fn an_event_each(processor: Client<OrderProcessor>) -> spawn::Result<()> {
    processor.process_orders(Orders { ids: (0..ORDERS).collect() }).await
}

async fn one_event(processor: Client<OrderProcessor>) -> spawn::Result<()> {
    processor.process_bulk_orders(Orders { ids: (0..ORDERS).collect() }).await
}
// ANCHOR_END: ways

// ANCHOR: measure
/// A way to publish, on a fresh database, until every subscriber has had everything.
async fn measure<F>(way: impl FnOnce(Client<OrderProcessor>) -> F) -> Result<Measured, BoxError>
where
    F: Future<Output = spawn::Result<()>>,
{
    let data = tempfile::tempdir()?;
    let store = Sqlite::at(data.path());
    let system = System::builder("efficient_broadcasting").store(store).start().await?;
    let began = Instant::now();
    way(system.actor::<OrderProcessor>()).await?;
    let called = began.elapsed();
    system.settled().await;
    let settled = began.elapsed();
    let Statistics { orders, events } = system.actor::<Statistics>().counted().await?;
    system.shutdown().await?;
    Ok(Measured { orders, events, called, settled })
}

struct Measured {
    orders: i64,
    events: i64,
    /// Until the last call had its response.
    called: Duration,
    /// Until the subscriber's state was saved as well.
    settled: Duration,
}
// ANCHOR_END: measure

fn row(way: &str, measured: &Measured) {
    let Measured { orders, events, called, settled } = measured;
    println!("{way:<36}{orders:>7}{events:>8}{called:>12.1?}{settled:>12.1?}");
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    println!("{:<36}{:>7}{:>8}{:>12}{:>12}", "", "orders", "events", "responses", "settled");
    row("a call each, one after the other", &measure(one_after_the_other).await?);
    row("a call each, all at once", &measure(all_at_once).await?);
    row("one call, an event each", &measure(an_event_each).await?);
    row("one call, one event", &measure(one_event).await?);
    Ok(())
}
