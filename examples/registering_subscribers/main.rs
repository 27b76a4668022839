//! Three subscribers that are no actors: `cargo run --example registering_subscribers`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

mod event_bridge;
mod metrics;
mod partner;
mod shop;
mod webhook;

use spawn::prelude::*;
use spawn::{BoxError, SystemBuilder};
use tokio::sync::mpsc;

use self::event_bridge::EventBridge;
use self::metrics::{Metrics, MetricsCollector};
use self::partner::Partner;
use self::shop::{Opening, Shop};
use self::webhook::WebhookNotifier;

// ANCHOR: register
/// Every subscriber is registered before the first message, so that it misses nothing of this system.
fn register(
    events: mpsc::Sender<String>,
    metrics: &Metrics,
    webhook: WebhookNotifier,
) -> SystemBuilder {
    System::builder("registering_subscribers")
        .external_subscriber(EventBridge::new(events))
        .external_subscriber(MetricsCollector::new(metrics.clone()))
        .external_subscriber(webhook)
}
// ANCHOR_END: register

// ANCHOR: main
#[tokio::main]
async fn main() -> Result<(), BoxError> {
    // A server of its own, which is out of order for the first two requests.
    let mut partner = Partner::start(2).await?;
    let metrics = Metrics::default();
    let (sender, mut events) = mpsc::channel(64);
    let webhook = WebhookNotifier::new(partner.url("/hooks/orders")?);
    let system = register(sender, &metrics, webhook).in_memory().start().await?;

    println!("The very first call, which activates the shop and makes it announce itself.");
    let shop = system.actor::<Shop>();
    shop.create_order("ann".to_owned()).await?;
    shop.create_order("bob".to_owned()).await?;
    system.broadcast(Broadcast::to("shop.opening", Opening { clerk: "eve".to_owned() })).await?;

    println!("What the partner was sent:");
    for _ in 0..4 {
        let request = partner.next().await?;
        println!("  {}: {} -> {}", request.event_id_seen, request.body, request.status);
    }
    system.settled().await;

    println!("What went over the bridge:");
    while let Ok(line) = events.try_recv() {
        println!("  {line}");
    }
    println!("What was counted:");
    for (what, count) in metrics.counts() {
        println!("  {what}: {count}");
    }
    Ok(system.shutdown().await?)
}
// ANCHOR_END: main
