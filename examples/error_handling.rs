//! What becomes of an event that cannot be handled, and of one that cannot be published: `cargo run --example error_handling`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::collections::HashSet;
use std::sync::Arc;

use parking_lot::Mutex;
use spawn::prelude::*;
use spawn::{EventStream, IntoChannel};
use spawn_examples::Journal;

#[message(name = "error_handling.OrderCreated")]
struct OrderCreated {
    order_id: String,
    cents: i64,
}

/// Takes money. It is out of order for one attempt, and refuses some orders for good.
#[derive(Clone, Debug, Default)]
struct Bank {
    locked: Arc<Mutex<HashSet<String>>>,
}

impl Bank {
    fn charge(&self, order_id: &str, attempt: u32) -> Result<(), BankError> {
        if self.locked.lock().contains(order_id) {
            return Err(BankError::Locked);
        }
        if order_id == "ord-1" && attempt == 1 { Err(BankError::NoAnswer) } else { Ok(()) }
    }
}

#[derive(Debug, thiserror::Error)]
enum BankError {
    #[error("the bank does not answer")]
    NoAnswer,
    #[error("the account is locked")]
    Locked,
}

// ANCHOR: handler
#[message(name = "error_handling.Billing")]
struct Billing {
    cents: i64,
}

#[actor(
    name = "billing",
    channels = [("order.created", charge)],
    retry = { attempts = 3, backoff = "10ms", max_backoff = "1s" },
)]
impl Billing {
    #[action]
    async fn charge(
        &mut self,
        ctx: &Context,
        bank: &Bank,
        journal: &Journal,
        event: OrderCreated,
    ) -> Result<Value<()>, ActionError> {
        if event.cents <= 0 {
            // Nothing will make this right: it is not tried again.
            return Err(ActionError::new("no_amount", "there is nothing to pay").fatal());
        }
        // Undone if the action fails further down.
        self.cents += event.cents;
        let attempt = ctx.event().map_or(1, Event::attempt);
        if let Err(error) = bank.charge(&event.order_id, attempt) {
            journal.note("billing", format!("{}, attempt {attempt}: {error}", event.order_id));
            return Err(ActionError::new("bank", "not charged").caused_by(error));
        }
        journal.note("billing", format!("{}, attempt {attempt}: charged", event.order_id));
        Ok(Value::of().broadcast(Broadcast::to("order.charged", event.order_id)))
    }

    #[action]
    fn total(&self) -> i64 {
        self.cents
    }
}
// ANCHOR_END: handler

// ANCHOR: publisher
#[message(name = "error_handling.News")]
struct News {
    channel: String,
    text: String,
}

#[message(name = "error_handling.Newsroom")]
struct Newsroom {
    published: i64,
}

#[actor(name = "newsroom")]
impl Newsroom {
    /// Fails, and changes nothing, if there can be no such channel.
    #[action]
    fn publish(&mut self, news: News) -> Value<i64> {
        self.published += 1;
        Value::from(self.published).broadcast(Broadcast::to(news.channel, news.text))
    }

    /// Goes on without an event then.
    #[action]
    fn publish_if_possible(&mut self, news: News) -> Value<i64> {
        self.published += 1;
        let value = Value::from(self.published);
        match news.channel.into_channel() {
            Ok(channel) => value.broadcast(Broadcast::to(channel, news.text)),
            Err(_) => value,
        }
    }
}
// ANCHOR_END: publisher

// ANCHOR: alarm
/// Each dead letter is announced, with its cause as text.
#[derive(Default)]
struct Alarm;

#[actor(name = "alarm", stateful = false, channels = [("spawn.dead_letters", ring)])]
impl Alarm {
    #[action]
    fn ring(&self, journal: &Journal, cause: String) {
        journal.note("alarm", cause);
    }
}
// ANCHOR_END: alarm

async fn wait_for(stream: &mut EventStream, count: usize) {
    for _ in 0..count {
        stream.next().await;
    }
}

// ANCHOR: main
#[tokio::main]
async fn main() -> spawn::Result<()> {
    let (journal, bank) = (Journal::default(), Bank::default());
    let builder = System::builder("error_handling").in_memory();
    let system = builder.resource(journal.clone()).resource(bank.clone()).start().await?;
    let mut charged = system.subscribe("order.charged")?;
    let mut given_up = system.subscribe("spawn.dead_letters")?;

    println!(
        "Four orders: the bank is out of order at first, one has no amount, one account is locked."
    );
    bank.locked.lock().insert("ord-3".to_owned());
    let orders = [("ord-1", 1_000), ("ord-2", 0), ("ord-3", 3_000), ("ord-4", 4_000)];
    for (order_id, cents) in orders {
        let event = OrderCreated { order_id: order_id.to_owned(), cents };
        system.broadcast(Broadcast::to("order.created", event)).await?;
    }
    wait_for(&mut charged, 2).await;
    wait_for(&mut given_up, 2).await;
    system.settled().await;
    journal.print();
    println!("{} cents are charged.", system.actor::<Billing>().total().await?);

    println!("The dead letters:");
    let letters = system.dead_letters().list().await?;
    for letter in &letters {
        println!("  {}, attempts: {}: {}", letter.subscriber(), letter.attempts(), letter.error());
    }
    println!("One is discarded. The other one is replayed, at first too early.");
    system.dead_letters().discard(letters[0].id()).await?;
    if let Err(error) = system.dead_letters().replay(letters[1].id()).await {
        println!("  {error:?}");
    }
    bank.locked.lock().clear();
    system.dead_letters().replay(letters[1].id()).await?;
    journal.print();
    println!(
        "{} dead letters are left, {} cents are charged.",
        system.dead_letters().list().await?.len(),
        system.actor::<Billing>().total().await?
    );

    println!("A channel that cannot be:");
    let news = News { channel: "order events".to_owned(), text: "new".to_owned() };
    let newsroom = system.actor::<Newsroom>();
    if let Err(error) = newsroom.publish(news.clone()).await {
        println!("  {:?}: {error}", error.kind());
    }
    println!("  {} published, without an event", newsroom.publish_if_possible(news.clone()).await?);
    if let Err(error) = system.broadcast(Broadcast::to(news.channel, news.text)).await {
        println!("  {:?}: {error}", error.kind());
    }

    println!("A system that has stopped:");
    system.clone().shutdown().await?;
    if let Err(error) = system.broadcast(Broadcast::to("order.created", "late".to_owned())).await {
        println!("  {:?}: {error}", error.kind());
    }
    Ok(())
}
// ANCHOR_END: main
