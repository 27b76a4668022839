//! Damage where it is kept how far subscribers are: who needs the row waits, the others go on, and nothing is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::Connection;
use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::{BoxError, ErrorKind, Subscriber};
use spawn_tests::eventually;
use tempfile::TempDir;

use crate::damage::{damage, in_one_line};

#[message(name = "places.Sent")]
struct Sent {
    id: String,
    number: i64,
}

/// What the tests have in their hands.
#[derive(Default)]
struct Hands {
    /// Whether the parcel `bad` is taken.
    is_open: AtomicBool,
    by_watcher: Mutex<Vec<i64>>,
    by_hook: Mutex<Vec<i64>>,
}

#[message(name = "places.Parcel")]
struct Parcel {
    had: Vec<i64>,
}

#[actor(
    name = "places_parcel",
    kind = unnamed,
    channels = [("places.sent", send)],
    retry = { attempts = 100, backoff = "1h" }
)]
impl Parcel {
    /// Of `bad`, the first one has the instance parked.
    #[action(route = id)]
    fn send(&mut self, sent: Sent, hands: &Arc<Hands>) -> Result<(), ActionError> {
        if sent.id == "bad" && !hands.is_open.load(Ordering::SeqCst) {
            return Err(ActionError::new("bad", "not yet"));
        }
        self.had.push(sent.number);
        Ok(())
    }

    #[action]
    fn had(&self) -> Json<Vec<i64>> {
        Json(self.had.clone())
    }
}

/// Has no state to keep its place with.
#[derive(Default)]
struct Watcher;

#[actor(name = "places_watcher", stateful = false, channels = [("places.sent", watch)])]
impl Watcher {
    #[action]
    fn watch(&self, sent: Sent, hands: &Arc<Hands>) {
        hands.by_watcher.lock().push(sent.number);
    }

    #[action]
    fn is_there(&self) {}
}

/// Keeps its place with its state, and is harmed by nothing here.
#[message(name = "places.Total")]
struct Total {
    had: Vec<i64>,
}

#[actor(name = "places_total", channels = [("places.sent", count)])]
impl Total {
    #[action]
    fn count(&mut self, sent: Sent) {
        self.had.push(sent.number);
    }

    #[action]
    fn had(&self) -> Json<Vec<i64>> {
        Json(self.had.clone())
    }
}

struct Hook(Arc<Hands>);

impl Subscriber for Hook {
    fn channels(&self) -> Vec<String> {
        vec!["places.sent".to_owned()]
    }

    fn name(&self) -> Option<String> {
        Some("hook".to_owned())
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        self.0.by_hook.lock().push(event.decode::<Sent>()?.number);
        Ok(())
    }
}

async fn start(directory: &TempDir, hands: &Arc<Hands>) -> System {
    let builder = System::builder("places").store(Sqlite::at(directory.path()));
    let builder = builder.only::<(Parcel, Watcher, Total)>().resource(Arc::clone(hands));
    builder.external_subscriber(Hook(Arc::clone(hands))).start().await.unwrap()
}

async fn send(system: &System, id: &str, number: i64) {
    let sent = Sent { id: id.to_owned(), number };
    system.broadcast(Broadcast::to("places.sent", sent)).await.unwrap();
}

/// What the total, the watcher, the hook and the parcels `good` and `bad` have had.
async fn had(system: &System, hands: &Hands) -> [Vec<i64>; 5] {
    let total = system.actor::<Total>().had().await.unwrap().0;
    let (good, bad) = (system.actor_by_id::<Parcel>("good"), system.actor_by_id::<Parcel>("bad"));
    let (good, bad) = (good.had().await.unwrap().0, bad.had().await.unwrap().0);
    let (watcher, hook) = (hands.by_watcher.lock().clone(), hands.by_hook.lock().clone());
    [total, watcher, hook, good, bad]
}

fn open(directory: &TempDir) -> Connection {
    Connection::open(directory.path().join("spawn.db")).unwrap()
}

fn count(directory: &TempDir, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    open(directory).query_row(&sql, (), |row| row.get(0)).unwrap()
}

/// The data of a system that has ended with an instance parked, and the places of all.
async fn filled(hands: &Arc<Hands>) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let system = start(&directory, hands).await;
    for (number, id) in [(1, "bad"), (2, "good"), (3, "bad")] {
        send(&system, id, number).await;
    }
    let places = async || (count(&directory, "parked"), count(&directory, "cursors"));
    eventually(places, |found| *found == (1, 3)).await;
    system.settled().await;
    system.shutdown().await.unwrap();
    assert_eq!(count(&directory, "parked"), 1);
    let connection = open(&directory);
    for table in ["parked", "cursors"] {
        connection
            .execute(&format!("CREATE TABLE whole_{table} AS SELECT * FROM {table}"), ())
            .unwrap();
    }
    directory
}

/// Puts the row back that was damaged.
fn mend(directory: &TempDir, table: &str, key: &str, who: &str) {
    let connection = open(directory);
    let is_damaged = format!("{key} NOT IN (SELECT {key} FROM whole_{table}) OR {key} = ?1");
    connection.execute(&format!("DELETE FROM {table} WHERE {is_damaged}"), [who]).unwrap();
    let back = format!("INSERT INTO {table} SELECT * FROM whole_{table} WHERE {key} = ?1");
    assert_eq!(connection.execute(&back, [who]).unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_parking_holds_its_actor_and_loses_nothing() {
    let of_bad = "the parking of places_parcel/bad is damaged: ";
    let of_somebody = "a row of the table `parked` is damaged: actor: ";
    for (change, words, column) in [
        ("position = -1", of_bad, "position: the number -1 cannot be"),
        ("position = 'far'", of_bad, "position: "),
        ("position = NULL, subscription = NULL", of_bad, "position: it has none"),
        ("subscription = NULL", of_bad, "half a cursor"),
        ("subscription = 1.5", of_bad, "subscription: "),
        ("actor = 'a b/'", of_somebody, ""),
        ("actor = 'places_parcel/' || x'0a'", of_somebody, ""),
        ("actor = ''", of_somebody, ""),
        ("actor = 'places_parcel'", of_somebody, "places_parcel is no instance"),
        ("actor = x'ff00'", of_somebody, ""),
    ] {
        let hands = Arc::new(Hands::default());
        let directory = filled(&hands).await;
        damage(&directory, &format!("UPDATE parked SET {change}"));
        let system = start(&directory, &hands).await;
        let error = system.lags().await.unwrap_err();
        let said = in_one_line(&error);
        assert_eq!(error.kind(), ErrorKind::Storage, "{change}: {said}");
        assert!(said.contains(&format!("{words}{column}")), "{change}: {said}");
        for (number, id) in [(4, "bad"), (5, "good")] {
            send(&system, id, number).await;
        }
        let all = vec![1, 2, 3, 4, 5];
        let look = async || had(&system, &hands).await;
        let [.., good, bad] =
            eventually(look, |found| found[..3].iter().all(|it| *it == all)).await;
        assert_eq!((good, bad), (vec![2], vec![]), "{change}: its events wait, its calls do not");
        system.shutdown_within(Duration::from_millis(500)).await.unwrap();

        mend(&directory, "parked", "actor", "places_parcel/bad");
        hands.is_open.store(true, Ordering::SeqCst);
        let system = start(&directory, &hands).await;
        system.settled().await;
        let [total, watcher, hook, good, bad] = had(&system, &hands).await;
        assert_eq!([total, watcher, hook], [(); 3].map(|()| all.clone()), "{change}");
        assert_eq!((good, bad), (vec![2, 5], vec![1, 3, 4]), "{change}");
        system.shutdown().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_cursor_holds_its_subscriber_and_loses_nothing() {
    // Where in what is had.
    for (place, who) in [(1, "places_watcher"), (2, "external:hook"), (3, "places_parcel")] {
        for (change, column) in [
            ("position = -1", "position: the number -1 cannot be"),
            ("position = 'far'", "position: "),
            ("position = NULL, subscription = NULL", "position: it has none"),
            ("subscription = x'00'", "subscription: "),
        ] {
            let hands = Arc::new(Hands::default());
            let directory = filled(&hands).await;
            damage(&directory, &format!("UPDATE cursors SET {change} WHERE subscriber = '{who}'"));
            let system = start(&directory, &hands).await;
            let words = format!("the cursor of {who} is damaged: {column}");
            let error = system.lags().await.unwrap_err();
            let said = in_one_line(&error);
            assert_eq!(error.kind(), ErrorKind::Storage, "{change}: {said}");
            assert!(said.contains(&words), "{change}: {said}");
            system.actor::<Watcher>().is_there().await.unwrap();
            send(&system, "good", 4).await;
            let (before, after) = ([1, 2, 3], [1, 2, 3, 4]);
            let mut wanted = [&after[..], &after, &after, &[2, 4], &[]];
            wanted[place] = if place == 3 { &[2] } else { &before };
            eventually(async || had(&system, &hands).await, |found| *found == wanted).await;
            system.shutdown_within(Duration::from_millis(500)).await.unwrap();

            mend(&directory, "cursors", "subscriber", who);
            hands.is_open.store(true, Ordering::SeqCst);
            let system = start(&directory, &hands).await;
            system.settled().await;
            let wanted = [&after[..], &after, &after, &[2, 4], &[1, 3]];
            assert_eq!(had(&system, &hands).await, wanted, "{who}: {change}");
            system.shutdown().await.unwrap();
        }
    }
}

/// It cannot be told from one of a subscriber that the program has not any more: what it had comes again, and nothing is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_under_a_damaged_key_is_as_none() {
    for change in ["'a b'", "x'ff00'"] {
        let hands = Arc::new(Hands::default());
        let directory = filled(&hands).await;
        let key = "WHERE subscriber = 'external:hook'";
        damage(&directory, &format!("UPDATE cursors SET subscriber = {change} {key}"));
        let system = start(&directory, &hands).await;
        send(&system, "good", 4).await;
        let all = vec![1, 2, 3, 1, 2, 3, 4];
        eventually(async || hands.by_hook.lock().clone(), |found| *found == all).await;
        system.lags().await.unwrap();
        system.shutdown().await.unwrap();
    }
}
