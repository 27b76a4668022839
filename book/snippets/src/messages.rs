//! Messages: fields, enums, tags, and how they change.

use spawn::prelude::*;
use spawn::testing::TestSystem;

// ANCHOR: fields
#[message(name = "messages.Order")]
pub struct Order {
    pub id: String,
    pub status: Status,
    pub lines: Vec<Line>,
    pub note: Option<String>,
    pub placed_at: std::time::SystemTime,
}

#[message(name = "messages.Line")]
pub struct Line {
    pub sku: String,
    pub quantity: u32,
}

/// Without data: an enumeration. One variant is 0, which is what a field that is not there means.
#[message(name = "messages.Status")]
pub enum Status {
    Open,
    Paid,
    Shipped,
}

#[test]
fn a_message_is_encoded_as_protobuf() -> spawn::Result<()> {
    let line = Line { sku: "mug".to_owned(), quantity: 2 };
    let order = Order { id: "o-1".to_owned(), lines: vec![line], ..Order::default() };
    assert_eq!(order.status, Status::Open);

    let parcel = Parcel::new(order.clone());
    assert_eq!(parcel.type_name(), "messages.Order");
    let again = Parcel::encoded("messages.Order", parcel.to_bytes()?);
    assert_eq!(again.decode::<Order>()?, order);
    Ok(())
}
// ANCHOR_END: fields

// ANCHOR: oneof
/// With data: one of several fields.
#[message(name = "messages.Payment")]
pub enum Payment {
    Card(Card),
    Cash(i64),
    Free,
}

#[message(name = "messages.Card")]
pub struct Card {
    pub number: String,
}

#[derive(Default)]
pub struct Cashier;

#[actor(stateful = false, name = "messages_cashier")]
impl Cashier {
    #[action]
    fn take(&self, payment: Payment) -> String {
        match payment {
            Payment::Card(card) => format!("card {}", card.number),
            Payment::Cash(cents) => format!("{cents} cents"),
            Payment::Free => "nothing".to_owned(),
        }
    }
}

#[tokio::test]
async fn an_enum_is_a_payload() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Cashier,)>()).await?;
    assert_eq!(system.actor::<Cashier>().take(Payment::Cash(300)).await?, "300 cents");
    assert_eq!(system.actor::<Cashier>().take(Payment::Free).await?, "nothing");
    Ok(())
}
// ANCHOR_END: oneof

// ANCHOR: change
mod yesterday {
    use spawn::prelude::*;

    #[message(name = "messages.Customer")]
    pub(super) struct Customer {
        #[message(tag = 1)]
        pub(super) id: String,
        #[message(tag = 2)]
        pub(super) fax: String,
        #[message(tag = 3)]
        pub(super) email: String,
    }
}

mod today {
    use spawn::prelude::*;

    /// The fax is gone, and its tag is not used again. The e-mail is called otherwise, and there is a phone number.
    #[message(name = "messages.v2.Customer", reserved(2, "fax"))]
    pub(super) struct Customer {
        #[message(tag = 1)]
        pub(super) id: String,
        #[message(tag = 3)]
        pub(super) mail: String,
        #[message(tag = 4)]
        pub(super) phone: Option<String>,
    }
}

#[test]
fn what_was_written_yesterday_is_read_today() -> Result<(), prost::DecodeError> {
    use prost::Message;

    let (id, fax, email) = ("c-1".to_owned(), "none".to_owned(), "ann@example.org".to_owned());
    let old = yesterday::Customer { id, fax, email }.encode_to_vec();
    let read = today::Customer::decode(old.as_slice())?;
    assert_eq!(
        (read.id.as_str(), read.mail.as_str(), read.phone),
        ("c-1", "ann@example.org", None)
    );
    Ok(())
}
// ANCHOR_END: change

// ANCHOR: json
#[derive(Clone, serde::Serialize, serde::Deserialize)]
pub struct Quote {
    sku: String,
    cents: i64,
}

#[derive(Default)]
pub struct Quotes;

#[actor(stateful = false, name = "messages_quotes")]
impl Quotes {
    #[action]
    fn double(&self, Json(quote): Json<Quote>) -> Json<Quote> {
        Json(Quote { cents: quote.cents * 2, ..quote })
    }
}

#[tokio::test]
async fn any_serde_type_is_a_message() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Quotes,)>()).await?;
    let quote = Json(Quote { sku: "mug".to_owned(), cents: 5 });
    assert_eq!(system.actor::<Quotes>().double(quote).await?.cents, 10);

    let quote = serde_json::json!({ "sku": "mug", "cents": 5 });
    let response = system.invoke("messages_quotes", "double", quote).await?;
    assert_eq!(response.decode::<Json<Quote>>()?.cents, 10);
    Ok(())
}
// ANCHOR_END: json

// ANCHOR: clauses
#[message(name = "messages.Created")]
pub struct Created {
    pub id: String,
}

#[message(name = "messages.Renamed")]
pub struct Renamed {
    pub id: String,
    pub name: String,
}

#[derive(Default)]
pub struct Search {
    index: Vec<String>,
}

#[actor(stateful = false, name = "messages_search", channels = [("item.events", index)])]
impl Search {
    #[action]
    fn index(&mut self, event: Created) {
        self.index.push(event.id);
    }

    #[action(name = "index")]
    fn index_renamed(&mut self, event: Renamed) {
        self.index.push(format!("{}={}", event.id, event.name));
    }

    /// Whatever no other clause takes, undecoded.
    #[action(name = "index")]
    fn index_other(&mut self, event: Event) {
        self.index.push(event.type_name().to_string());
    }

    #[action]
    fn all(&self) -> Index {
        Index { entries: self.index.clone() }
    }
}

#[message(name = "messages.Index")]
pub struct Index {
    pub entries: Vec<String>,
}

#[tokio::test]
async fn the_type_of_the_message_chooses() -> spawn::Result<()> {
    let system = TestSystem::with(|builder| builder.only::<(Search,)>()).await?;
    let id = "i-1".to_owned();
    let events = Broadcast::to("item.events", Created { id: id.clone() })
        .and("item.events", Renamed { id, name: "mug".to_owned() })
        .and("item.events", 7_i64);
    system.broadcast(events).await?;
    system.settle().await;
    let index = system.actor::<Search>().all().await?;
    assert_eq!(index.entries, ["i-1", "i-1=mug", "google.protobuf.Int64Value"]);
    Ok(())
}
// ANCHOR_END: clauses
