//! An actor publishes what happened, and others react: `cargo run --example basic_broadcast`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::collections::BTreeMap;
use std::time::SystemTime;

use spawn::prelude::*;
use spawn_examples::Journal;

// ANCHOR: events
#[message(name = "basic_broadcast.OrderCreated")]
struct OrderCreated {
    order_id: String,
    user_id: String,
    cents: i64,
    created_at: SystemTime,
}

#[message(name = "basic_broadcast.OrderUpdated")]
struct OrderUpdated {
    order_id: String,
    old_status: Status,
    new_status: Status,
    updated_at: SystemTime,
}

#[message(name = "basic_broadcast.Status")]
enum Status {
    New,
    Shipped,
}
// ANCHOR_END: events

#[message(name = "basic_broadcast.UserCreated")]
struct UserCreated {
    user_id: String,
}

#[message(name = "basic_broadcast.OrderData")]
struct OrderData {
    user_id: String,
    cents: i64,
}

#[message(name = "basic_broadcast.StatusUpdate")]
struct StatusUpdate {
    order_id: String,
    status: Status,
}

#[message(name = "basic_broadcast.Order")]
struct Order {
    id: String,
    user_id: String,
    cents: i64,
    status: Status,
}

// ANCHOR: publisher
/// Takes orders. The struct is its state, and is saved before anybody hears of a change.
#[message(name = "basic_broadcast.OrderProcessor")]
struct OrderProcessor {
    orders: BTreeMap<String, Order>,
}

#[actor(name = "order_processor")]
impl OrderProcessor {
    /// Accepts an order and announces it.
    #[action]
    fn create_order(&mut self, data: OrderData) -> Value<Order> {
        let id = format!("ord-{}", self.orders.len() + 1);
        let order = Order { id, user_id: data.user_id, cents: data.cents, status: Status::New };
        self.orders.insert(order.id.clone(), order.clone());
        let event = OrderCreated {
            order_id: order.id.clone(),
            user_id: order.user_id.clone(),
            cents: order.cents,
            created_at: SystemTime::now(),
        };
        Value::from(order).broadcast(Broadcast::to("order.events", event))
    }

    /// Moves an order on and tells so on another channel.
    #[action]
    fn update_order_status(&mut self, update: StatusUpdate) -> Result<Value<Order>, ActionError> {
        let Some(order) = self.orders.get_mut(&update.order_id) else {
            let message = format!("there is no order {}", update.order_id);
            return Err(ActionError::new("unknown_order", message).fatal());
        };
        let event = OrderUpdated {
            order_id: update.order_id,
            old_status: std::mem::replace(&mut order.status, update.status),
            new_status: update.status,
            updated_at: SystemTime::now(),
        };
        let order = order.clone();
        Ok(Value::from(order).broadcast(Broadcast::to("order.status", event)))
    }
}
// ANCHOR_END: publisher

// ANCHOR: stateless
/// Writes to customers, and remembers nothing.
#[derive(Default)]
struct EmailService;

#[actor(
    name = "email_service",
    stateful = false,
    channels = [
        ("order.events", handle_order_event),
        ("order.status", "HandleOrderEvent"),
        ("user.events", handle_user_event),
    ],
)]
impl EmailService {
    #[action]
    async fn handle_order_event(&self, journal: &Journal, event: OrderCreated) {
        let letter = format!("to {}: thank you for {}", event.user_id, event.order_id);
        journal.note("email_service", letter);
    }

    /// A second clause of the same action: the type of the event chooses.
    #[action(name = "handle_order_event")]
    async fn handle_order_updated(&self, journal: &Journal, event: OrderUpdated) {
        let OrderUpdated { order_id, old_status, new_status, .. } = event;
        let letter = format!("{order_id} was {old_status:?} and is {new_status:?}");
        journal.note("email_service", letter);
    }

    #[action]
    async fn handle_user_event(&self, journal: &Journal, event: UserCreated) {
        journal.note("email_service", format!("to {}: welcome", event.user_id));
    }
}
// ANCHOR_END: stateless

// ANCHOR: stateful
/// Counts what has to be sent. Each order is in the count exactly once, whatever crashes when.
#[message(name = "basic_broadcast.InventoryService")]
struct InventoryService {
    reserved: i64,
}

#[actor(name = "inventory_service", channels = [("order.events", handle_order_event)])]
impl InventoryService {
    #[action]
    fn handle_order_event(&mut self, journal: &Journal, event: OrderCreated) {
        self.reserved += 1;
        let line = format!("a parcel for {}, {} in all", event.order_id, self.reserved);
        journal.note("inventory_service", line);
    }

    #[action]
    fn reserved(&self) -> i64 {
        self.reserved
    }
}
// ANCHOR_END: stateful

// ANCHOR: main
#[tokio::main]
async fn main() -> spawn::Result<()> {
    let journal = Journal::default();
    let builder = System::builder("basic_broadcast").in_memory();
    let system = builder.resource(journal.clone()).start().await?;
    let orders = system.actor::<OrderProcessor>();

    println!("Ann and Bob order.");
    let data = OrderData { user_id: "ann".to_owned(), cents: 10_000 };
    let order = orders.create_order(data).await?;
    // The same action by its name, as a program in another language calls it.
    let data = OrderData { user_id: "bob".to_owned(), cents: 2_500 };
    system.invoke("order_processor", "CreateOrder", data).await?;
    system.settled().await;
    journal.print();

    println!("{} is shipped, and an order that there is not.", order.id);
    for order_id in [order.id, "ord-9".to_owned()] {
        let update = StatusUpdate { order_id, status: Status::Shipped };
        if let Err(error) = orders.update_order_status(update).await {
            println!("  {error:?}");
        }
    }
    system.settled().await;
    journal.print();

    println!("Somebody else publishes, from outside of any actor.");
    let event = UserCreated { user_id: "eve".to_owned() };
    system.broadcast(Broadcast::to("user.events", event)).await?;
    system.settled().await;
    journal.print();

    println!("{} parcels are reserved.", system.actor::<InventoryService>().reserved().await?);
    system.shutdown().await
}
// ANCHOR_END: main
