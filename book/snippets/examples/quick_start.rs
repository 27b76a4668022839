//! `book/src/quick-start.md`: what a new user has in `src/main.rs`. `tests/quickstart/run` follows the page.

#![expect(
    clippy::print_stdout,
    missing_debug_implementations,
    missing_docs,
    reason = "it is as a new user has it"
)]

// ANCHOR: program
use spawn::prelude::*;

#[message(name = "shop.Ordered")]
pub struct Ordered {
    item: String,
}

#[message(name = "shop.Shop")]
pub struct Shop {
    orders: u64,
}

#[actor(name = "shop")]
impl Shop {
    #[action]
    fn order(&mut self, item: String) -> Value<u64> {
        self.orders += 1;
        Value::from(self.orders).broadcast(Broadcast::to("shop.orders", Ordered { item }))
    }
}

#[derive(Default)]
pub struct Packer;

#[actor(name = "packer", stateful = false, channels = [("shop.orders", pack)])]
impl Packer {
    #[action]
    fn pack(&self, event: Ordered) {
        println!("packing a {}", event.item);
    }
}

#[tokio::main]
async fn main() -> spawn::Result<()> {
    let system = System::builder("shop").start().await?;
    let number = system.actor::<Shop>().order("mug".to_owned()).await?;
    system.settled().await;
    println!("this was order {number}");
    system.shutdown().await
}
// ANCHOR_END: program
