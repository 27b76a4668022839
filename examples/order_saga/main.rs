//! An order goes through payment, stock and shipping, and is undone where one of them fails: `cargo run --example order_saga`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

mod inventory;
mod messages;
mod payment;
mod saga;
mod shipping;

use spawn::prelude::*;
use spawn_examples::Journal;

use self::inventory::InventoryService;
use self::messages::{Item, OrderCreated};
use self::payment::PaymentService;
use self::saga::OrderSaga;

fn order(id: &str, cents: i64, sku: &str, quantity: i64, city: &str) -> OrderCreated {
    OrderCreated {
        order_id: id.to_owned(),
        cents,
        items: vec![Item { sku: sku.to_owned(), quantity }],
        city: city.to_owned(),
    }
}

// ANCHOR: main
#[tokio::main]
async fn main() -> spawn::Result<()> {
    let journal = Journal::default();
    let builder = System::builder("order_saga").in_memory();
    let system = builder.resource(journal.clone()).start().await?;

    let orders = [
        order("ord-1", 2_000, "mug", 2, "Lisbon"),
        // More than the bank lets anybody pay.
        order("ord-2", 900_000, "mug", 1, "Lisbon"),
        // More than there is.
        order("ord-3", 5_000, "lamp", 50, "Lisbon"),
        // Where nobody goes.
        order("ord-4", 3_000, "mug", 3, "Atlantis"),
    ];
    for order in orders {
        // All of them at once: nobody waits for a saga.
        system.broadcast(Broadcast::to("order.events", order)).await?;
    }
    system.settled().await;
    journal.print();

    for id in ["ord-1", "ord-2", "ord-3", "ord-4"] {
        let outcome = system.actor_by_id::<OrderSaga>(id).outcome().await?;
        println!("{id}: {:?}, done: {:?}", outcome.status, outcome.completed);
    }
    println!("{} cents were earned.", system.actor::<PaymentService>().earned().await?);
    for (sku, left) in system.actor::<InventoryService>().stock().await?.left {
        println!("{left} of {sku} are left.");
    }
    system.shutdown().await
}
// ANCHOR_END: main
