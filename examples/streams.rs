//! Events as a stream: `cargo run --example streams`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use spawn::EventStream;
use spawn::prelude::*;

#[message(name = "streams.OrderCreated")]
struct OrderCreated {
    order_id: String,
}

#[message(name = "streams.OrderShipped")]
struct OrderShipped {
    order_id: String,
    parcels: i64,
}

#[message(name = "streams.OrderProcessor")]
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

/// Reads until the system has stopped.
async fn watch(mut events: EventStream) -> spawn::Result<()> {
    while let Some(event) = events.next().await {
        if event.is::<OrderCreated>() {
            let OrderCreated { order_id } = event.decode()?;
            println!("{}: {order_id} was created", event.channel());
        } else if event.is::<OrderShipped>() {
            let OrderShipped { order_id, parcels } = event.decode()?;
            println!("{}: {order_id} was shipped in {parcels} parcels", event.channel());
        }
    }
    println!("the system has stopped");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let system = System::builder("streams").in_memory().start().await?;
    let watcher = tokio::spawn(watch(system.subscribe("order.*")?));

    system.actor::<OrderProcessor>().create_order("ord-1".to_owned()).await?;
    let shipped = OrderShipped { order_id: "ord-1".to_owned(), parcels: 2 };
    system.broadcast(Broadcast::to("order.status", shipped)).await?;

    system.shutdown().await?;
    Ok(watcher.await??)
}
