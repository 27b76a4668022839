//! Events that say enough, and that two versions of a program understand: `cargo run --example event_design`.

#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::time::{Duration, SystemTime};

use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::{ActorList, BoxError};
use spawn_examples::Journal;

// ANCHOR: rich
/// Says what happened, to what, and all that a subscriber would have to ask for otherwise.
#[message(name = "event_design.OrderCreated", reserved(3, "amount"))]
struct OrderCreated {
    #[message(tag = 1)]
    order_id: String,
    #[message(tag = 2)]
    user_id: String,
    /// In the place of `amount`, a float, which nothing may use again.
    #[message(tag = 4)]
    cents: i64,
    #[message(tag = 5)]
    currency: String,
    #[message(tag = 6)]
    source: Source,
    #[message(tag = 7)]
    created_at: SystemTime,
    /// Since version 2.
    #[message(tag = 8)]
    items: Vec<Item>,
    /// Since version 2. An `Option`, since no coupon is another thing than an empty one.
    #[message(tag = 9)]
    coupon: Option<String>,
}

#[message(name = "event_design.Item")]
struct Item {
    sku: String,
    quantity: i64,
}

#[message(name = "event_design.Source")]
enum Source {
    /// What a program reads that does not know the number.
    Unspecified = 0,
    Web = 1,
    /// Since version 2.
    App = 2,
}
// ANCHOR_END: rich

// ANCHOR: sparse
/// Says so little that every subscriber has to ask the publisher, whose answer may be about a later time.
#[message(name = "event_design.OrderEvent")]
struct OrderEvent {
    kind: String,
    id: String,
}
// ANCHOR_END: sparse

// ANCHOR: older
/// The same event as a program knows it that was built a year ago: what `prost-build` makes of its `.proto`.
mod v1 {
    #[derive(Clone, PartialEq, prost::Message)]
    pub(crate) struct OrderCreated {
        #[prost(string, tag = "1")]
        pub(crate) order_id: String,
        #[prost(string, tag = "2")]
        pub(crate) user_id: String,
        #[prost(int64, tag = "4")]
        pub(crate) cents: i64,
        #[prost(string, tag = "5")]
        pub(crate) currency: String,
        #[prost(enumeration = "Source", tag = "6")]
        pub(crate) source: i32,
    }

    impl prost::Name for OrderCreated {
        const NAME: &'static str = "OrderCreated";
        const PACKAGE: &'static str = "event_design";
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
    #[repr(i32)]
    pub(crate) enum Source {
        Unspecified = 0,
        Web = 1,
    }
}
// ANCHOR_END: older

// ANCHOR: programs
/// A part of the program of today. It reads whatever is kept, also what was written before it existed.
#[message(name = "event_design.Ledger")]
struct Ledger {
    cents: i64,
}

#[actor(name = "ledger", channels = [("order.created", book, from = start)])]
impl Ledger {
    #[action]
    fn book(&mut self, journal: &Journal, event: OrderCreated) {
        self.cents += event.cents;
        let OrderCreated { order_id, cents, currency, source, items, coupon, .. } = event;
        let items = items.len();
        journal.note(
            "ledger",
            format!("{order_id}: {cents} {currency}, {source:?}, {items} items, coupon {coupon:?}"),
        );
    }
}

/// A part of the program of last year.
#[derive(Default)]
struct OldMailer;

#[actor(name = "old_mailer", stateful = false, channels = [("order.created", write)])]
impl OldMailer {
    #[action]
    fn write(&self, journal: &Journal, event: v1::OrderCreated) {
        let source = event.source();
        let v1::OrderCreated { order_id, user_id, cents, currency, .. } = event;
        journal.note(
            "old_mailer",
            format!("to {user_id}: {order_id}, {cents} {currency}, {source:?}"),
        );
    }
}
// ANCHOR_END: programs

// ANCHOR: main
/// One run of a program with these actors, on the data that the runs before it have left.
async fn run<L: ActorList>(
    data: &tempfile::TempDir,
    journal: &Journal,
    event: Option<Parcel>,
) -> Result<(), BoxError> {
    let builder = System::builder("event_design").store(Sqlite::at(data.path())).only::<L>();
    let system = builder.resource(journal.clone()).start().await?;
    if let Some(event) = event {
        println!("  {} bytes of {}", event.to_bytes()?.len(), event.type_name());
        system.broadcast(Broadcast::to("order.created", event)).await?;
    }
    system.settled().await;
    journal.print();
    Ok(system.shutdown().await?)
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let (data, journal) = (tempfile::tempdir()?, Journal::default());

    println!("The program of last year publishes, reads what it has published, and stops.");
    let older = v1::OrderCreated {
        order_id: "ord-1".to_owned(),
        user_id: "ann".to_owned(),
        cents: 9_900,
        currency: "USD".to_owned(),
        source: v1::Source::Web.into(),
    };
    run::<(OldMailer,)>(&data, &journal, Some(older.into())).await?;

    println!("The program of today reads that, and publishes itself.");
    let newer = OrderCreated {
        order_id: "ord-2".to_owned(),
        user_id: "bob".to_owned(),
        cents: 1_250,
        currency: "USD".to_owned(),
        source: Source::App,
        created_at: SystemTime::UNIX_EPOCH + Duration::from_secs(1_701_424_815),
        items: vec![Item { sku: "mug".to_owned(), quantity: 2 }],
        coupon: Some("SPRING".to_owned()),
    };
    run::<(Ledger,)>(&data, &journal, Some(newer.into())).await?;

    println!("The program of last year is started once more, and goes on with what is new.");
    run::<(OldMailer,)>(&data, &journal, None).await?;

    println!("A sparse event: what does the customer pay?");
    let sparse = OrderEvent { kind: "created".to_owned(), id: "ord-1".to_owned() };
    println!("  {sparse:?}");
    Ok(())
}
// ANCHOR_END: main
