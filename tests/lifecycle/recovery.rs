//! What a start says that it found.

use std::fs;
use std::path::Path;
use std::time::Duration;

use spawn::prelude::*;
use spawn::store::{Memory, Sqlite};
use spawn::{BoxError, Subscriber};

#[message(name = "found.Orders")]
struct Orders {
    count: i64,
}

#[actor(name = "found_orders", channels = [("found.paid", pay)])]
impl Orders {
    #[action]
    fn pay(&mut self, amount: i64) {
        self.count += amount;
    }

    #[action(timer = "1h")]
    fn remind(&self) {}
}

/// An instance fails until it is parked.
#[message(name = "found.Sent")]
struct Sent {
    id: String,
}

#[message(name = "found.Parcels")]
struct Parcels {
    count: i64,
}

#[actor(
    name = "found_parcels",
    kind = unnamed,
    channels = [("found.sent", send)],
    retry = { attempts = 100, backoff = "1h" }
)]
impl Parcels {
    #[action(route = id)]
    fn send(&mut self, sent: Sent) -> Result<(), ActionError> {
        if sent.id == "bad" {
            return Err(ActionError::new("bad", "not yet"));
        }
        self.count += 1;
        Ok(())
    }
}

/// Each instance has its own place.
#[message(name = "found.Seen")]
struct Seen {
    count: i64,
}

#[actor(name = "found_seen", kind = unnamed, channels = ["found.>"], snapshot_timeout = "5s")]
impl Seen {
    #[action]
    fn receive(&mut self, _: Event) {
        self.count += 1;
    }
}

#[derive(Default)]
struct Crew;

#[actor(name = "found_crew", kind = pooled, stateful = false, channels = ["found.work"])]
impl Crew {
    #[action]
    fn receive(&self, _: i64) -> Result<(), ActionError> {
        Err(ActionError::new("never", "it takes nothing").fatal())
    }
}

/// Takes nothing: its first event never ends.
struct Hook;

impl Subscriber for Hook {
    fn channels(&self) -> Vec<String> {
        vec!["found.paid".to_owned(), "found.*".to_owned()]
    }

    fn name(&self) -> Option<String> {
        Some("hook".to_owned())
    }

    async fn receive(&mut self, _: Event) -> Result<(), BoxError> {
        std::future::pending::<()>().await;
        Ok(())
    }
}

struct Printer;

impl Subscriber for Printer {
    fn channels(&self) -> Vec<String> {
        vec!["found.>".to_owned()]
    }

    async fn receive(&mut self, _: Event) -> Result<(), BoxError> {
        Ok(())
    }
}

async fn start(directory: &Path) -> System {
    let builder = System::builder("found").store(Sqlite::at(directory));
    let builder = builder.only::<(Orders, Parcels, Seen, Crew)>().external_subscriber(Hook);
    builder.external_subscriber(Printer).start().await.unwrap()
}

/// What a crash would leave.
fn copy(from: &Path, to: &Path) {
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

/// Waits until so many actors, instances that are parked, and dead letters are saved.
async fn until_saved(directory: &Path, expected: [i64; 3]) {
    let connection = rusqlite::Connection::open(directory.join("spawn.db")).unwrap();
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table}");
        connection.query_row(&sql, (), |row| row.get::<_, i64>(0)).unwrap()
    };
    while ["actors", "parked", "dead_letters"].map(count) != expected {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_says_what_it_found() {
    let [first, second] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let system = start(first.path()).await;
    let found = system.recovery().unwrap();
    assert!(found.is_new() && found.is_known() && found.was_closed());
    assert_eq!(found.to_string(), "the data is new");

    // Four events of which the external subscriber has none, and a dead letter, which is announced by a fifth.
    system.broadcast(Broadcast::to("found.paid", 5_i64)).await.unwrap();
    system.broadcast(Broadcast::to("found.sent", Sent { id: "bad".to_owned() })).await.unwrap();
    system.broadcast(Broadcast::to("found.sent", Sent { id: "good".to_owned() })).await.unwrap();
    system.broadcast(Broadcast::to("found.work", 1_i64)).await.unwrap();
    for hours in [1, 2] {
        system.actor::<Orders>().pay(1).delay(Duration::from_hours(hours)).await.unwrap();
    }
    until_saved(first.path(), [2, 1, 1]).await;
    copy(first.path(), second.path());

    let again = start(second.path()).await;
    let found = again.recovery().unwrap();
    assert!(!found.is_new() && found.is_known() && !found.was_closed(), "{found}");
    assert_eq!((found.calls(), found.overdue(), found.dead_letters()), (2, 0, 1), "{found}");
    assert_eq!(found.parked(), 1, "{found}");
    assert_eq!(found.actors(), 2, "{found}");
    let hook = found.behind().iter().filter(|it| it.subscriber() == "external:hook");
    let hook: Vec<_> = hook.map(|it| (it.pattern(), it.events())).collect();
    assert_eq!(hook, [("found.paid", 1), ("found.*", 4)], "{found:?}");
    let is_there = |name: &str| found.behind().iter().any(|it| it.subscriber() == name);
    assert!(!is_there("found_seen"), "its instances have places of their own: {found:?}");
    let said = found.to_string();
    assert!(
        said.starts_with(
            "the last run ended without being closed; there are 2 actors, 2 calls that wait (0 due), 1 dead letter and 1 parked \
             instance; "
        ) && said.ends_with(" behind, by up to 4 events"),
        "{said}"
    );
    again.shutdown_within(Duration::from_secs(1)).await.unwrap();
    let again = start(second.path()).await;
    assert!(
        again.recovery().unwrap().was_closed(),
        "a shutdown that cuts something off closes the store"
    );
    again.shutdown_within(Duration::from_millis(100)).await.unwrap();
    system.shutdown_within(Duration::from_millis(100)).await.unwrap();
}

/// What is behind is exact for those who are somewhere in the log.
#[tokio::test]
async fn who_is_behind_is_behind_by_what_it_has_not_seen() {
    let memory = Memory::new();
    let start = || System::builder("found").store(memory.clone());
    let system = start().only::<(Orders,)>().start().await.unwrap();
    for _ in 0..3 {
        system.broadcast(Broadcast::to("found.paid", 1_i64)).await.unwrap();
    }
    system.settled().await;
    system.shutdown().await.unwrap();
    let system = start().only::<(Parcels,)>().start().await.unwrap();
    assert!(system.recovery().unwrap().behind().is_empty(), "{:?}", system.recovery());
    for channel in ["found.paid", "found.other", "found.paid"] {
        system.broadcast(Broadcast::to(channel, 1_i64)).await.unwrap();
    }
    system.shutdown().await.unwrap();
    let system = start().only::<(Orders,)>().start().await.unwrap();
    let found = system.recovery().unwrap();
    let behind: Vec<_> = found.behind().iter().map(|it| (it.subscriber(), it.events())).collect();
    assert_eq!(behind, [("found_orders", 2)], "{found:?}");
    assert!(found.was_closed());
    system.settled().await;
    system.shutdown().await.unwrap();
    let system = start().only::<(Orders,)>().start().await.unwrap();
    assert!(system.recovery().unwrap().behind().is_empty(), "{:?}", system.recovery());
}

/// A start does not wait until everything is counted.
#[tokio::test]
async fn what_is_far_behind_is_so_at_least() {
    let memory = Memory::new();
    let start = || System::builder("found").store(memory.clone());
    start().only::<(Orders,)>().start().await.unwrap().shutdown().await.unwrap();
    let system = start().only::<(Seen,)>().start().await.unwrap();
    for _ in 0..170 {
        let hundred = (0..100).map(|number: i64| ("found.paid", number));
        system.broadcast(hundred.collect()).await.unwrap();
    }
    system.shutdown().await.unwrap();
    let system = start().only::<(Orders, Seen)>().start().await.unwrap();
    let found = system.recovery().unwrap();
    let [behind] = found.behind() else { panic!("{found:?}") };
    assert_eq!((behind.events(), behind.is_at_least()), (16_384, true));
    assert!(found.to_string().ends_with("1 subscription behind, by up to 16384 events or more"));
}

/// What cannot be counted does not keep a system from starting.
#[tokio::test]
async fn what_cannot_be_counted_is_said() {
    let directory = tempfile::tempdir().unwrap();
    start(directory.path()).await.shutdown().await.unwrap();
    let connection = rusqlite::Connection::open(directory.path().join("spawn.db")).unwrap();
    connection.execute_batch("DROP TABLE parked").unwrap();
    drop(connection);
    let system = start(directory.path()).await;
    let found = system.recovery().unwrap();
    assert!(!found.is_known());
    assert!(found.to_string().contains("no such table: parked"), "{found}");
    system.shutdown_within(Duration::from_millis(100)).await.unwrap();
}

#[tokio::test]
async fn a_system_is_a_tree() {
    let builder = System::builder("found").in_memory().only::<(Orders, Parcels, Seen, Crew)>();
    let builder = builder.external_subscriber(Hook).external_subscriber(Printer);
    let system = builder.start().await.unwrap();
    insta::assert_snapshot!(system.tree().unwrap(), @"
    found
    ├─ store: memory
    ├─ named
    │  └─ found_orders, durable
    │     ├─ found.paid -> pay
    │     └─ every 3600s -> remind
    ├─ unnamed
    │  ├─ found_parcels, durable
    │  │  └─ found.sent -> send
    │  └─ found_seen, durable, saved after 5s
    │     └─ found.> -> receive
    ├─ pooled
    │  └─ found_crew, stateless
    │     └─ found.work -> receive
    └─ external subscribers
       ├─ hook, durable
       │  ├─ found.paid
       │  └─ found.*
       └─ lifecycle::recovery::Printer, transient
          └─ found.>
    ");
    let directory = tempfile::tempdir().unwrap();
    let system = start(directory.path()).await;
    let tree = system.tree().unwrap().to_string();
    let place = directory.path().join("spawn.db");
    assert!(tree.contains(&format!("├─ store: SQLite, in {}", place.display())), "{tree}");
}
