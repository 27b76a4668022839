//! An actor that takes orders, and one that hears of them: `cargo run --example hello`.

use spawn::prelude::*;

#[message(name = "hello.OrderCreated")]
struct OrderCreated {
    order_id: String,
}

/// Takes orders. Its state is saved before the caller has the response.
#[message(name = "hello.OrderProcessor")]
struct OrderProcessor {
    orders: i64,
}

#[actor(name = "order_processor")]
impl OrderProcessor {
    #[action]
    fn create_order(&mut self, order_id: String) -> Value<i64> {
        self.orders += 1;
        let event = OrderCreated { order_id };
        Value::from(self.orders).broadcast(Broadcast::to("order.events", event))
    }
}

/// Hears of orders.
#[derive(Default)]
struct EmailService;

#[actor(name = "email_service", stateful = false, channels = [("order.events", confirm)])]
impl EmailService {
    #[action]
    async fn confirm(&self, event: OrderCreated) {
        say(&format!("order {} is confirmed", event.order_id));
    }
}

fn say(text: &str) {
    use std::io::Write;
    // Nobody has to listen.
    let _closed = writeln!(std::io::stdout(), "{text}");
}

#[tokio::main]
async fn main() -> spawn::Result<()> {
    let system = System::builder("hello").start().await?;
    let orders = system.actor::<OrderProcessor>().create_order("ord-1".to_owned()).await?;
    say(&format!("{orders} orders so far; they are in ./spawn-data/hello, so run it again"));
    system.shutdown().await
}
