//! A system on a file whose rows are damaged: what it says, and that it goes on where it can.

use rusqlite::Connection;
use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::{BoxError, ErrorKind, Subscriber};
use std::time::Duration;
use tempfile::TempDir;

#[message(name = "damage.Ledger")]
struct Ledger {
    total: i64,
}

#[actor(name = "damage_ledger", channels = [("damage.paid", pay)])]
impl Ledger {
    #[action]
    fn pay(&mut self, amount: i64) -> Value<i64> {
        self.total += amount;
        Value::from(self.total).broadcast(Broadcast::to("damage.booked", self.total))
    }

    #[action]
    fn total(&self) -> i64 {
        self.total
    }
}

#[message(name = "damage.Desk")]
struct Desk {
    seen: i64,
}

#[actor(name = "damage_desk", kind = unnamed)]
impl Desk {
    #[action]
    fn see(&mut self, by: i64) -> Value<i64> {
        self.seen += by;
        let tags = [("region".to_owned(), "eu".to_owned())];
        Value::from(self.seen).tags(tags)
    }
}

/// Fails always, so that there is a dead letter.
#[derive(Default)]
struct Picky;

#[actor(name = "damage_picky", stateful = false, channels = ["damage.booked"])]
impl Picky {
    #[action]
    fn receive(&self, _total: i64) -> Result<(), ActionError> {
        Err(ActionError::new("no", "it takes nothing").fatal())
    }
}

struct Hook;

impl Subscriber for Hook {
    fn channels(&self) -> Vec<String> {
        vec!["damage.>".to_owned()]
    }

    fn name(&self) -> Option<String> {
        Some("hook".to_owned())
    }

    async fn receive(&mut self, _: Event) -> Result<(), BoxError> {
        Ok(())
    }
}

async fn start(directory: &TempDir) -> spawn::Result<System> {
    let builder = System::builder("damage").store(Sqlite::at(directory.path()));
    builder.only::<(Ledger, Desk, Picky)>().external_subscriber(Hook).start().await
}

/// Data with a row in each table but the one of parked instances.
async fn filled() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let system = start(&directory).await.unwrap();
    system.actor::<Ledger>().pay(5).idempotency_key("first").await.unwrap();
    system.actor_by_id::<Desk>("a").see(1).await.unwrap();
    system.actor::<Ledger>().pay(1).delay(Duration::from_hours(1)).await.unwrap();
    system.settled().await;
    system.shutdown().await.unwrap();
    directory
}

/// Changes the rows of a file as no program that respects its schema could.
pub(crate) fn damage(directory: &TempDir, change: &str) {
    let connection = Connection::open(directory.path().join("spawn.db")).unwrap();
    connection
        .execute_batch(
            "PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = replace(replace(replace(replace(
                 sql, ' STRICT, ', ' '), ' STRICT', ' '), 'NOT NULL', ''), 'CHECK (id = 1)', '')
             WHERE type = 'table';
             PRAGMA writable_schema = RESET;",
        )
        .unwrap();
    assert!(connection.execute(change, ()).unwrap() > 0, "{change}");
}

/// How long an answer may take: every call is answered, and nothing goes on for ever.
const PATIENCE: Duration = Duration::from_secs(30);

/// An error with its causes.
pub(crate) fn in_one_line(error: &spawn::Error) -> String {
    format!("{error:?}").replace("\n  caused by: ", ": ")
}

/// Everything that a program can ask of a system: the kinds and the words of what fails.
async fn used(system: &System) -> Vec<(ErrorKind, String)> {
    let mut failures = Vec::new();
    let mut note = |outcome: spawn::Result<()>| {
        if let Err(error) = outcome {
            failures.push((error.kind(), in_one_line(&error)));
        }
    };
    note(system.actor::<Ledger>().pay(1).timeout(PATIENCE).await.map(drop));
    note(system.actor::<Ledger>().total().timeout(PATIENCE).await.map(drop));
    note(
        system.actor::<Ledger>().pay(5).idempotency_key("first").timeout(PATIENCE).await.map(drop),
    );
    note(system.actor_by_id::<Desk>("a").see(1).timeout(PATIENCE).await.map(drop));
    note(system.find().tag("region", "eu").await.map(drop));
    note(system.subscriptions().await.map(drop));
    note(system.dead_letters().list().await.map(drop));
    let ids = ["damage_ledger", "damage_desk/a"].map(|id| spawn::ActorId::parse(id).unwrap());
    for id in ids {
        note(system.history(&id).await.map(drop));
    }
    note(system.broadcast(Broadcast::to("damage.paid", 2_i64)).await);
    failures
}

/// A change, and words of the error that tells of it: at the start, or when the thing is used; none if nobody can see it.
const CASES: [(&str, &str); 32] = [
    (
        "UPDATE actors SET recent = x'80' WHERE key = 'damage_ledger'",
        "the actor damage_ledger is damaged: recent: ",
    ),
    (
        "UPDATE actors SET recent = 'text' WHERE key = 'damage_ledger'",
        "the actor damage_ledger is damaged: recent: ",
    ),
    (
        "UPDATE actors SET recent = NULL WHERE key = 'damage_ledger'",
        "the actor damage_ledger is damaged: recent: ",
    ),
    (
        "UPDATE actors SET revision = -1 WHERE key = 'damage_ledger'",
        "the actor damage_ledger is damaged: revision: ",
    ),
    (
        "UPDATE actors SET revision = 'many' WHERE key = 'damage_desk/a'",
        "the actor damage_desk/a is damaged: revision: ",
    ),
    (
        "UPDATE actors SET position = 1.5 WHERE key = 'damage_ledger'",
        "the actor damage_ledger is damaged: position: ",
    ),
    ("UPDATE states SET state = x'08'", "malformed damage."),
    ("UPDATE states SET state = x'ffffffffffffffffffffff'", "malformed damage."),
    ("UPDATE states SET state = 'text'", "is damaged: state: "),
    ("UPDATE states SET type = 'nobody.Knows'", "it was saved as a nobody.Knows"),
    ("UPDATE states SET type = NULL", "is damaged: type: "),
    ("UPDATE states SET at = -9", "is damaged: at: "),
    ("UPDATE log SET payload = x'ff'", ""),
    ("UPDATE log SET type = 'nobody.Knows'", ""),
    ("UPDATE subscriptions SET since = -1", "the subscription 1 is damaged: since: "),
    ("UPDATE subscriptions SET pattern = x'00'", "the subscription 1 is damaged: pattern: "),
    ("UPDATE subscriptions SET lapsed = 'soon'", "the subscription 1 is damaged: lapsed: "),
    ("UPDATE calls SET due = -1", "the call 1 is damaged: due: "),
    ("UPDATE calls SET due = 9223372036854775807", ""),
    ("UPDATE calls SET target = 'a b/'", "the call 1 is damaged: target: "),
    ("UPDATE calls SET metadata = x'05'", "the call 1 is damaged: metadata: "),
    ("UPDATE calls SET payload = NULL", "the call 1 is damaged: payload: "),
    ("UPDATE answers SET response = x'ff'", "malformed google.protobuf.Int64Value"),
    ("UPDATE answers SET type = 'spawn.Onward', response = x'ff'", "malformed spawn.Onward"),
    (
        "UPDATE answers SET response = 3",
        "the answer to `pay` of damage_ledger is damaged: response: ",
    ),
    ("UPDATE dead_letters SET channel = '..'", "the dead letter 1 is damaged: channel: "),
    ("UPDATE dead_letters SET position = NULL, target = NULL", "the dead letter 1 is damaged: "),
    ("UPDATE dead_letters SET attempts = 4294967296", "the dead letter 1 is damaged: attempts: "),
    ("UPDATE tags SET value = NULL", "the actor damage_desk/a is damaged: value: "),
    ("UPDATE meta SET head = -1", "the table `meta` is damaged: head: the number -1 cannot be"),
    ("UPDATE meta SET epoch = 'x'", "the table `meta` is damaged: epoch: "),
    ("UPDATE meta SET identity = NULL", "the table `meta` is damaged: identity: "),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damaged_rows_are_named_wherever_they_are_met() {
    for (change, words) in CASES {
        let directory = filled().await;
        damage(&directory, change);
        let failures = match start(&directory).await {
            Ok(system) => {
                let failures = used(&system).await;
                let report = system.shutdown_within(PATIENCE).await.unwrap();
                assert!(report.unfinished().is_empty(), "{change}: {report}");
                failures
            }
            Err(error) => vec![(error.kind(), in_one_line(&error))],
        };
        let all = failures.iter().map(|(_, said)| said.as_str()).collect::<Vec<_>>().join("\n");
        assert!(failures.is_empty() == words.is_empty(), "{change}: {all}");
        assert!(all.contains(words), "{change}: {all}");
        for (kind, said) in &failures {
            let is_typed =
                matches!(kind, ErrorKind::Storage | ErrorKind::Decode | ErrorKind::Activation);
            assert!(is_typed, "{change}: {said}");
        }
    }
}

/// One damaged event holds those behind it, since nothing may be skipped in silence; the actor's calls are answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_event_holds_its_readers_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    let system = start(&directory).await.unwrap();
    system.actor::<Ledger>().pay(5).await.unwrap();
    system.settled().await;
    system.shutdown().await.unwrap();
    // Both are behind it, as if it had been published and the process had died.
    damage(&directory, "UPDATE log SET channel = 'a..b'");
    damage(&directory, "DELETE FROM cursors");
    let system = start(&directory).await.unwrap();
    let ledger = system.actor::<Ledger>();
    assert_eq!(ledger.pay(1).await.unwrap(), 6);
    assert_eq!(ledger.total().await.unwrap(), 6);
    system.shutdown_within(Duration::from_secs(5)).await.unwrap();
}

/// What nobody can decode is no damage of the file: it becomes a dead letter, and the others go on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_nobody_can_decode_is_a_dead_letter() {
    let directory = tempfile::tempdir().unwrap();
    let system = start(&directory).await.unwrap();
    let bad = Parcel::encoded("google.protobuf.Int64Value", vec![0xff]);
    system.broadcast(Broadcast::to("damage.paid", bad)).await.unwrap();
    system.broadcast(Broadcast::to("damage.paid", 4_i64)).await.unwrap();
    system.settled().await;
    assert_eq!(system.actor::<Ledger>().total().await.unwrap(), 4);
    let letters = system.dead_letters().list().await.unwrap();
    let of_ledger: Vec<_> =
        letters.iter().filter(|it| it.subscriber() == "damage_ledger").collect();
    assert_eq!(of_ledger.len(), 1);
    assert!(of_ledger[0].error().contains("malformed google.protobuf.Int64Value"));
    system.shutdown().await.unwrap();
}
