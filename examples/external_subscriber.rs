//! Code that is no actor hears of events: `cargo run --example external_subscriber`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use spawn::prelude::*;
use spawn::{BoxError, Subscriber};

#[message(name = "external_subscriber.OrderCreated")]
struct OrderCreated {
    order_id: String,
}

#[message(name = "external_subscriber.OrderProcessor")]
struct OrderProcessor {
    orders: i64,
}

#[actor(name = "order_processor")]
impl OrderProcessor {
    #[action]
    fn create_order(&mut self, order_id: String) -> Value<()> {
        self.orders += 1;
        Value::of().broadcast(Broadcast::to("order.events", OrderCreated { order_id }))
    }
}

/// Calls a partner, who is busy when the first order is announced.
struct WebhookNotifier;

impl Subscriber for WebhookNotifier {
    fn channels(&self) -> Vec<String> {
        vec!["order.*".to_owned()]
    }

    /// After an error the same event comes again, and those behind it wait.
    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        let OrderCreated { order_id } = event.decode()?;
        let attempt = event.attempt();
        if order_id == "ord-1" && attempt == 1 {
            println!("{order_id}: attempt {attempt}: the partner is busy");
            return Err("the partner is busy".into());
        }
        println!("{order_id}: attempt {attempt}: delivered");
        Ok(())
    }
}

#[tokio::main]
async fn main() -> spawn::Result<()> {
    let builder = System::builder("external_subscriber").in_memory();
    let system = builder.external_subscriber(WebhookNotifier).start().await?;
    for order_id in ["ord-1", "ord-2"] {
        system.actor::<OrderProcessor>().create_order(order_id.to_owned()).await?;
    }
    system.shutdown().await
}
