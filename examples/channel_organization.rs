//! What names that are made of parts are good for: `cargo run --example channel_organization`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::time::Duration;

use spawn::ChannelOptions;
use spawn::prelude::*;
use spawn_examples::Journal;

// ANCHOR: names
/// The names that are used from more than one place, once.
mod channels {
    use spawn::Channel;

    /// `domain.aggregate.event`
    pub(crate) const PROFILE_UPDATED: Channel = Channel::new("user.profile.updated");
    /// `domain.action`
    pub(crate) const PAYMENT_PROCESSED: Channel = Channel::new("payment.processed");
    /// `system.component.metric`
    pub(crate) const SLOW_QUERY: Channel = Channel::new("system.database.slow_query");
    /// `integration.external`
    pub(crate) const SHOPIFY: Channel = Channel::new("integration.shopify");

    /// A channel for each region. What is put into a name at run time is checked at run time.
    pub(crate) fn warehouse(region: &str) -> spawn::Result<Channel> {
        Channel::parse(format!("stock.{region}.low"))
    }
}
// ANCHOR_END: names

#[message(name = "channel_organization.Note")]
struct Note {
    text: String,
}

// ANCHOR: subscribers
/// Everything about profiles.
#[derive(Default)]
struct ProfileView;

#[actor(name = "profile_view", stateful = false, channels = [("user.profile.*", refresh)])]
impl ProfileView {
    #[action]
    fn refresh(&self, journal: &Journal, event: Event) {
        journal.note("profile_view", event.channel().as_str());
    }
}

/// Money, and whatever comes from shops outside, which may be money.
#[message(name = "channel_organization.Finance")]
struct Finance {
    seen: i64,
}

#[actor(name = "finance", channels = [("payment.>", book), ("integration.*", book)])]
impl Finance {
    #[action]
    fn book(&mut self, journal: &Journal, event: Event) -> Value<()> {
        self.seen += 1;
        journal.note("finance", format!("{} ({} so far)", event.channel(), self.seen));
        let note = Note { text: event.channel().to_string() };
        Value::of().broadcast(Broadcast::to("finance.ledger.booked", note))
    }
}

/// The whole machinery, and every region.
#[derive(Default)]
struct Operations;

#[actor(
    name = "operations",
    stateful = false,
    channels = [("system.>", watch), ("stock.*.low", watch)],
)]
impl Operations {
    #[action]
    fn watch(&self, journal: &Journal, event: Event) {
        journal.note("operations", event.channel().as_str());
    }
}
// ANCHOR_END: subscribers

// ANCHOR: main
#[tokio::main]
async fn main() -> spawn::Result<()> {
    const YEAR: Duration = Duration::from_hours(365 * 24);

    let journal = Journal::default();
    let system = System::builder("channel_organization")
        .in_memory()
        // One line for a whole domain.
        .channel("system.>", ChannelOptions::transient())
        .channel("payment.>", ChannelOptions::durable().retention(YEAR))
        .resource(journal.clone())
        .start()
        .await?;

    println!("Who hears what:");
    let note = || Note { text: "something happened".to_owned() };
    let broadcast = Broadcast::to(channels::PROFILE_UPDATED, note())
        .and(channels::PAYMENT_PROCESSED, note())
        .and(channels::SLOW_QUERY, note())
        .and(channels::SHOPIFY, note())
        .and(channels::warehouse("eu-1")?, note());
    system.broadcast(broadcast).await?;
    system.settled().await;
    journal.print();

    println!("A region that makes no name:");
    if let Err(error) = channels::warehouse("eu west") {
        println!("  {error}");
    }

    println!("The picture of it, for a page that shows Mermaid:");
    print!("{}", system.topology()?.to_mermaid());
    system.shutdown().await
}
// ANCHOR_END: main
