//! Events leave the system: into topics of the program, and from there to browsers: `cargo run --example external_integration`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

mod bridge;
mod listener;
mod messages;
mod pubsub;
mod shop;
mod web;

use spawn::prelude::*;
use spawn::{BoxError, Client};
use tokio::net::TcpListener;

use self::bridge::PubSubBridge;
use self::listener::Listener;
use self::messages::{NotificationEvent, OrderData};
use self::pubsub::PubSub;
use self::shop::Shop;

async fn order(shop: &Client<Shop>, user_id: &str, cents: i64) -> spawn::Result<()> {
    let order = shop.create_order(OrderData { user_id: user_id.to_owned(), cents }).await?;
    println!("  {user_id} has ordered {order}");
    Ok(())
}

// ANCHOR: main
#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let pubsub = PubSub::default();
    let system = System::builder("external_integration")
        .in_memory()
        .external_subscriber(PubSubBridge::new(pubsub.clone()))
        .start()
        .await?;

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(axum::serve(listener, web::router(pubsub.clone())).into_future());
    // ANCHOR_END: main

    // As two browsers do with `new EventSource("/topics/order_updates")`.
    let mut dashboard = Listener::connect(address, "order_updates").await?;
    let mut ann = Listener::connect(address, "user:ann").await?;
    // And a part of the program.
    let mut notifications = pubsub.subscribe("notifications");

    println!("What happens in the system:");
    let shop = system.actor::<Shop>();
    shop.sign_up("ann".to_owned()).await?;
    order(&shop, "ann", 10_000).await?;
    order(&shop, "bob", 2_500).await?;
    let notification = NotificationEvent { text: "we close at six".to_owned() };
    let broadcast = Broadcast::to("notification.events", notification)
        // A type that the bridge does not know.
        .and("notification.events", 7_i64);
    system.broadcast(broadcast).await?;
    system.settled().await;
    order(&shop, "ann", 700).await?;
    system.settled().await;

    println!("What the page of all orders is sent:");
    for _ in 0..3 {
        println!("  {}", dashboard.next().await?);
    }
    println!("What the page of ann is sent:");
    for _ in 0..2 {
        println!("  {}", ann.next().await?);
    }
    println!("What the program hears of notifications:");
    println!("  {}", notifications.recv().await?);

    server.abort();
    Ok(system.shutdown().await?)
}
