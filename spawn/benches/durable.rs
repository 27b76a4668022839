//! Acknowledged commits per second, beside a plain SQLite loop with the same rows; and the delivery of events.
//!
//! `cargo bench -p spawn --bench durable`. Each call changes a state of about 120 bytes and publishes an event. The plain loop
//! commits as many calls at once as there are callers here: one upsert of a state, one event. Not a criterion benchmark: what
//! counts is the rate over seconds, syncs and checkpoints included.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on has failed, and prints"
)]
#![expect(missing_docs, reason = "a program")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use spawn::System;
use spawn::prelude::*;
use spawn::store::Sqlite;

const TIME: Duration = Duration::from_secs(4);
const ACTORS: u64 = 10_000;

#[message(name = "bench.Changed")]
pub struct Changed {
    text: String,
    number: u64,
}

#[message(name = "bench.Account")]
pub struct Account {
    number: u64,
    note: String,
}

#[actor(name = "bench_account", kind = unnamed, deactivate_timeout = "1h")]
impl Account {
    #[action]
    fn change(&mut self) -> Value<u64> {
        self.number += 1;
        if self.note.is_empty() {
            self.note = "x".repeat(112);
        }
        let event = Changed { text: "y".repeat(90), number: self.number };
        Value::from(self.number).broadcast(Broadcast::to("bench.changed", event))
    }
}

/// How many events all subscribers have handled.
#[derive(Default)]
struct Handled(AtomicU64);

#[message(name = "bench.Subscriber")]
pub struct Subscriber {
    sum: u64,
}

#[actor(name = "bench_subscriber", kind = unnamed, deactivate_timeout = "1h", channels = [("bench.told", hear)])]
impl Subscriber {
    #[action]
    fn ready(&mut self) {
        self.sum += 1;
    }

    #[action]
    fn hear(&mut self, handled: &Arc<Handled>, event: Changed) {
        self.sum += event.number;
        handled.0.fetch_add(1, Ordering::Relaxed);
    }
}

async fn start(directory: &Path) -> (System, Arc<Handled>) {
    let handled = Arc::<Handled>::default();
    let builder = System::builder("bench").store(Sqlite::at(directory));
    (builder.resource(Arc::clone(&handled)).start().await.unwrap(), handled)
}

fn per_second(count: u64, began: Instant) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let count = count as f64;
    count / began.elapsed().as_secs_f64()
}

/// Calls per second, by `callers` at once.
async fn calls(callers: u64) -> f64 {
    let directory = tempfile::tempdir().unwrap();
    let (system, _) = start(directory.path()).await;
    let count = Arc::<AtomicU64>::default();
    let began = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            let (system, count) = (system.clone(), Arc::clone(&count));
            tokio::spawn(async move {
                let mut number = caller;
                while began.elapsed() < TIME {
                    number = (number + callers) % ACTORS;
                    let account = system.actor_by_id::<Account>(format!("account-{number:08}"));
                    account.change().timeout(Duration::from_mins(1)).await.unwrap();
                    count.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let rate = per_second(count.load(Ordering::Relaxed), began);
    system.shutdown().await.unwrap();
    rate
}

/// The same rows, written by hand in groups of `group`.
fn plain(group: u64) -> f64 {
    let directory = tempfile::tempdir().unwrap();
    let connection = Connection::open(directory.path().join("plain.db")).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE states (id TEXT PRIMARY KEY, revision INTEGER, state BLOB) WITHOUT ROWID;
             CREATE TABLE log (position INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT, type TEXT, payload BLOB);",
        )
        .unwrap();
    let (state, event) = (vec![7_u8; 120], vec![7_u8; 100]);
    let mut number = 0;
    let mut count = 0;
    let began = Instant::now();
    while began.elapsed() < TIME {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for _ in 0..group {
            number = (number + 1) % ACTORS;
            connection
                .prepare_cached(
                    "INSERT INTO states VALUES (?1, 1, ?2)
                     ON CONFLICT (id) DO UPDATE SET revision = revision + 1, state = excluded.state",
                )
                .unwrap()
                .execute(params![format!("bench_account/account-{number:08}"), state])
                .unwrap();
            connection
                .prepare_cached("INSERT INTO log (channel, type, payload) VALUES (?1, ?2, ?3)")
                .unwrap()
                .execute(params!["bench.changed", "bench.Changed", event])
                .unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
        count += group;
    }
    per_second(count, began)
}

/// Deliveries per second of one publisher's events to so many durable subscribers.
async fn deliveries(subscribers: u64) -> f64 {
    let directory = tempfile::tempdir().unwrap();
    let (system, handled) = start(directory.path()).await;
    for number in 0..subscribers {
        system.actor_by_id::<Subscriber>(number.to_string()).ready().await.unwrap();
    }
    let events = 100_000 / subscribers;
    let began = Instant::now();
    for number in 0..events {
        let event = Changed { text: "y".repeat(90), number };
        system.broadcast(Broadcast::to("bench.told", event)).await.unwrap();
        if began.elapsed() > TIME * 3 {
            break;
        }
    }
    while handled.0.load(Ordering::Relaxed) < events * subscribers && began.elapsed() < TIME * 4 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let rate = per_second(handled.0.load(Ordering::Relaxed), began);
    system.shutdown().await.unwrap();
    rate
}

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    println!("acknowledged calls per second (state of 120 bytes, one event)");
    println!("{:>8} {:>10} {:>10} {:>6}", "callers", "spawn", "plain", "ratio");
    for callers in [1, 64, 256, 4_096] {
        let (ours, plain) = (runtime.block_on(calls(callers)), plain(callers));
        println!("{callers:>8} {ours:>10.0} {plain:>10.0} {:>6.2}", ours / plain);
    }
    println!("deliveries per second, one publisher who waits for each event to be saved");
    for subscribers in [1, 10, 100] {
        println!("{subscribers:>8} {:>10.0}", runtime.block_on(deliveries(subscribers)));
    }
}
