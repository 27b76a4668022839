//! Handlers that look at their event and take none of their own.

use std::sync::{Arc, Mutex};

use spawn::prelude::*;
use spawn::{ActorId, ChannelOptions};

/// What there is of it, and where: a clone is somewhere else.
#[message(name = "looks.Paid")]
struct Paid {
    order: String,
    cents: i64,
}

impl Paid {
    fn new(order: &str, cents: i64) -> Self {
        Self { order: order.to_owned(), cents }
    }
}

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<(String, usize)>>>);

impl Seen {
    fn note(&self, who: &str, paid: &Paid) {
        let place = paid.order.as_ptr() as usize;
        self.0.lock().unwrap().push((format!("{who} {} {}", paid.order, paid.cents), place));
    }

    /// What was seen, and in how many places.
    fn take(&self) -> (Vec<String>, usize) {
        let (mut said, mut places): (Vec<_>, Vec<_>) =
            std::mem::take(&mut *self.0.lock().unwrap()).into_iter().unzip();
        said.sort();
        places.sort_unstable();
        places.dedup();
        (said, places.len())
    }
}

struct Screen {
    name: String,
    seen: Seen,
}

#[actor(name = "looks_screen", kind = unnamed, stateful = false, channels = [("looks.paid", show), ("looks.any", show_any)])]
impl Screen {
    #[action]
    fn ready(&self) {}

    #[action]
    fn show(&mut self, paid: &Paid) -> Result<(), std::fmt::Error> {
        self.seen.note(&self.name, paid);
        if paid.cents < 0 { Err(std::fmt::Error) } else { Ok(()) }
    }

    #[action]
    fn show_any(&mut self, event: &Event) {
        if let Some(paid) = event.downcast_ref() {
            self.seen.note(&format!("{} of {}", self.name, event.channel()), paid);
        }
    }
}

/// Durable, and so are its channels.
#[message(name = "looks.Book")]
struct Book {
    cents: i64,
}

#[actor(name = "looks_book", channels = [("looks.kept", enter), ("looks.kept.later", enter_later)])]
impl Book {
    #[action]
    fn enter(&mut self, paid: &Paid) -> i64 {
        self.cents += paid.cents;
        self.cents
    }

    #[action]
    async fn enter_later(&mut self, seen: &Seen, paid: &Paid) {
        tokio::task::yield_now().await;
        self.cents += paid.cents;
        seen.note("book", paid);
    }
}

async fn start(seen: &Seen) -> System {
    let (shown, lent) = (seen.clone(), seen.clone());
    let builder = System::builder("looks").in_memory().only::<(Screen, Book)>().resource(lent);
    let builder = builder.provide(move |id: &ActorId| Screen {
        name: id.instance().unwrap_or_default().to_owned(),
        seen: shown.clone(),
    });
    let builder = builder.channel("looks.*", ChannelOptions::transient());
    builder.channel("looks.kept", ChannelOptions::durable()).start().await.unwrap()
}

#[tokio::test]
async fn all_look_at_one_event() {
    let seen = Seen::default();
    let system = start(&seen).await;
    for name in ["left", "right"] {
        system.actor_by_id::<Screen>(name).ready().await.unwrap();
    }
    system.broadcast(Broadcast::to("looks.paid", Paid::new("7", 5))).await.unwrap();
    system.settled().await;
    assert_eq!(seen.take(), (vec!["left 7 5".to_owned(), "right 7 5".to_owned()], 1));
    system.broadcast(Broadcast::to("looks.any", Paid::new("8", 6))).await.unwrap();
    system.settled().await;
    let said = ["left of looks.any 8 6", "right of looks.any 8 6"].map(str::to_owned).to_vec();
    assert_eq!(seen.take(), (said, 1));
    // One that fails, between two that do not.
    for cents in [1, -1, 2] {
        system.broadcast(Broadcast::to("looks.paid", Paid::new("9", cents))).await.unwrap();
    }
    system.settled().await;
    assert_eq!(seen.take().0.len(), 6);
}

#[tokio::test]
async fn an_event_of_another_type_is_not_handled() {
    let seen = Seen::default();
    let system = start(&seen).await;
    system.actor_by_id::<Screen>("one").ready().await.unwrap();
    system.broadcast(Broadcast::to("looks.paid", "no such thing".to_owned())).await.unwrap();
    system.broadcast(Broadcast::to("looks.any", "no such thing".to_owned())).await.unwrap();
    system.settled().await;
    assert_eq!(seen.take().0, Vec::<String>::new());
}

#[tokio::test]
async fn what_comes_as_bytes_is_decoded_and_looked_at() {
    let seen = Seen::default();
    let system = start(&seen).await;
    system.actor_by_id::<Screen>("one").ready().await.unwrap();
    let bytes = Parcel::new(Paid::new("7", 5)).to_bytes().unwrap();
    let encoded = Parcel::encoded("looks.Paid", bytes);
    system.broadcast(Broadcast::to("looks.paid", encoded)).await.unwrap();
    system.settled().await;
    assert_eq!(seen.take().0, ["one 7 5"]);
}

#[tokio::test]
async fn a_durable_actor_saves_what_it_looked_at_and_a_call_gives_the_event_away() {
    let seen = Seen::default();
    let system = start(&seen).await;
    let book = system.actor::<Book>();
    system.broadcast(Broadcast::to("looks.kept", Paid::new("7", 5))).await.unwrap();
    system.broadcast(Broadcast::to("looks.kept.later", Paid::new("8", 6))).await.unwrap();
    system.settled().await;
    assert_eq!(book.enter(Paid::new("9", 7)).await.unwrap(), 18);
    let by_name = system.invoke("looks_book", "enter", Paid::new("10", 8)).await.unwrap();
    assert_eq!(by_name.decode::<i64>().unwrap(), 26);
    assert_eq!(seen.take().0, ["book 8 6"]);
    // Every one of them is a commit.
    let revisions = system.history(&ActorId::parse("looks_book").unwrap()).await.unwrap();
    assert_eq!(revisions.len(), 4);
}
