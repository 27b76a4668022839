//! Durable work, beside a plain SQLite loop that writes the same rows; and the delivery of events.
//!
//! `cargo bench -p spawn --bench durable`, or with the names of some parts, and numbers of callers: `.. -- calls 256`.
//! `SPAWN_BENCH_SECONDS` shortens `slow` (30 s). Not a criterion benchmark: what counts is the rate over seconds, syncs and
//! checkpoints included.
//!
//! Both allocate with `mimalloc`. What a call allocates here is given back by whichever thread lets its reply out, and glibc's allocator has
//! threads wait for each other then, which the plain loop's one thread never does. For the figures with it, take `ALLOCATOR` out.
//!
//! - `calls`: so many callers at once, each of whom awaits one call after another, of 10,000 actors that
//!   are in memory: one after the other, or here and there. A call changes a state of 120 bytes and publishes an event of 100. The plain loop commits as many calls at once as there are callers here, and writes the
//!   rows that such a call writes, in the schema of `store::Sqlite` and with its settings: the actor's row, the row of the kept
//!   revision (which from the 17th on is written over the oldest), the event with all its columns, and for each transaction the row of
//!   `meta`. Its statements are prepared once; it never reads, since it knows by heart what is there. Rounds of the two take
//!   turns, on a new file each; what is shown is the median of each.
//! - `deliveries`: one publisher who awaits each event, and stateful subscribers, each of which saves each event with its state.
//! - `slow`: a publisher as fast as it goes (with 256 events on their way), alone and beside a stateful subscriber that takes one event a second, in turn; by how
//!   much memory grew meanwhile; and that the subscriber, let go for ten seconds, hears them once and in order, and the rest waits in the log.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on has failed, and prints"
)]
#![expect(missing_docs, reason = "a program")]

mod slow;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use prost::encoding::encode_varint;
use rusqlite::{Connection, params};
use spawn::System;
use spawn::prelude::*;
use spawn::store::Sqlite;

// ANCHOR: allocator
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
// ANCHOR_END: allocator

/// How long a round takes.
const TIME: Duration = Duration::from_secs(2);
const ROUNDS: usize = 3;
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
    let builder = builder.only::<(Account, Subscriber)>();
    (builder.resource(Arc::clone(&handled)).start().await.unwrap(), handled)
}

fn per_second(count: u64, began: Instant) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    let count = count as f64;
    count / began.elapsed().as_secs_f64()
}

/// Whose turn it is.
#[derive(Clone, Copy)]
enum Order {
    /// One after the other: the rows of a group are neighbours.
    InTurn,
    /// Here and there: each row is in a page of its own.
    Scattered,
}

impl Order {
    /// The number of the actor of the call `count`.
    fn place(self, count: u64) -> u64 {
        match self {
            Self::InTurn => count % ACTORS,
            // A generator of pseudo-random numbers (SplitMix64) without its last step.
            Self::Scattered => {
                let mixed = count.wrapping_mul(0x9E37_79B9_7F4A_7C15);
                ((mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32) % ACTORS
            }
        }
    }
}

fn account(number: u64) -> String {
    format!("account-{number:08}")
}

/// Calls per second, by `callers` at once.
async fn calls(callers: u64, order: Order) -> f64 {
    let directory = tempfile::tempdir().unwrap();
    let (system, _) = start(directory.path()).await;
    let patience = Duration::from_mins(1);
    let first = |number| system.actor_by_id::<Account>(account(number)).change().timeout(patience);
    let all: Vec<_> = (0..ACTORS).map(|number| tokio::spawn(first(number).into_future())).collect();
    for call in all {
        call.await.unwrap().unwrap();
    }
    let count = Arc::<AtomicU64>::default();
    let began = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let (system, count) = (system.clone(), Arc::clone(&count));
            tokio::spawn(async move {
                while began.elapsed() < TIME {
                    let number = order.place(count.fetch_add(1, Ordering::Relaxed));
                    let account = system.actor_by_id::<Account>(account(number));
                    account.change().timeout(patience).await.unwrap();
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

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4096;
    PRAGMA journal_size_limit = 67108864;
    CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), identity INTEGER NOT NULL, epoch INTEGER NOT NULL,
        batch INTEGER NOT NULL, head INTEGER NOT NULL, state INTEGER NOT NULL, call INTEGER NOT NULL,
        dead_letter INTEGER NOT NULL, subscription INTEGER NOT NULL) STRICT;
    INSERT INTO meta VALUES (1, 0, 0, 0, 0, 0, 0, 0, 0);
    CREATE TABLE actors (key TEXT PRIMARY KEY, revision INTEGER NOT NULL, position INTEGER, subscription INTEGER,
        recent BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE states (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, type TEXT NOT NULL, state BLOB NOT NULL,
        at INTEGER NOT NULL) STRICT;
    CREATE TABLE log (position INTEGER PRIMARY KEY, at INTEGER NOT NULL, channel TEXT NOT NULL, type TEXT NOT NULL,
        payload BLOB NOT NULL, publisher TEXT, metadata BLOB) STRICT;";

/// What the plain loop knows of an actor.
struct Known {
    key: String,
    revision: i64,
    /// The ids of the kept states, the newest last.
    states: VecDeque<i64>,
}

/// The same rows, written by hand in groups of `group`.
fn plain(group: u64, order: Order) -> f64 {
    const NOW: i64 = 1_750_000_000_000;
    let directory = tempfile::tempdir().unwrap();
    let connection = Connection::open(directory.path().join("plain.db")).unwrap();
    connection.execute_batch(SCHEMA).unwrap();
    let prepare = |sql| connection.prepare(sql).unwrap();
    let (mut open, mut commit) = (prepare("BEGIN IMMEDIATE"), prepare("COMMIT"));
    let mut write_actor = prepare("REPLACE INTO actors VALUES (?1, ?2, NULL, NULL, ?3)");
    let mut write_state = prepare("REPLACE INTO states VALUES (?1, ?2, ?3, ?4, ?5)");
    let mut append = prepare("INSERT INTO log VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)");
    let mut note = prepare("UPDATE meta SET batch = batch + 1, head = ?1, state = ?2");
    let known = |n| Known {
        key: format!("bench_account/account-{n:08}"),
        revision: 0,
        states: VecDeque::new(),
    };
    let mut actors: Vec<Known> = (0..ACTORS).map(known).collect();
    let (state, event) = (vec![7_u8; 120], vec![7_u8; 100]);
    let (mut count, mut last_state) = (0_i64, 0_i64);
    let mut recent = Vec::new();
    let mut began = Instant::now();
    let mut warm = false;
    while began.elapsed() < TIME || !warm {
        if !warm && count >= ACTORS.cast_signed() {
            (warm, began) = (true, Instant::now());
        }
        open.execute(()).unwrap();
        for _ in 0..if warm { group } else { ACTORS } {
            // First each once.
            let order = if warm { order } else { Order::InTurn };
            let actor = &mut actors[usize::try_from(order.place(count.cast_unsigned())).unwrap()];
            count += 1;
            actor.revision += 1;
            let id = if actor.states.len() < 16 { None } else { actor.states.pop_front() };
            let id = id.unwrap_or_else(|| {
                last_state += 1;
                last_state
            });
            actor.states.push_back(id);
            recent.clear();
            actor.states.iter().for_each(|id| encode_varint(id.cast_unsigned(), &mut recent));
            write_state.execute(params![id, actor.revision, "bench.Account", state, NOW]).unwrap();
            write_actor.execute(params![actor.key, actor.revision, recent]).unwrap();
            append
                .execute(params![count, NOW, "bench.changed", "bench.Changed", event, actor.key])
                .unwrap();
        }
        note.execute(params![count, last_state]).unwrap();
        commit.execute(()).unwrap();
    }
    per_second(count.cast_unsigned() - ACTORS, began)
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
        if began.elapsed() > TIME * 6 {
            break;
        }
    }
    while handled.0.load(Ordering::Relaxed) < events * subscribers && began.elapsed() < TIME * 8 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let rate = per_second(handled.0.load(Ordering::Relaxed), began);
    system.shutdown().await.unwrap();
    rate
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let given: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    let wanted = |part: &str| given.is_empty() || given.iter().any(|it| it == part);
    if wanted("calls") {
        println!("| acknowledged calls per second | callers | spawn | plain loop | ratio |");
        println!("| --- | ---: | ---: | ---: | ---: |");
        let numbers: Vec<u64> = given.iter().filter_map(|it| it.parse().ok()).collect();
        let numbers = if numbers.is_empty() { vec![1, 64, 256, 4_096] } else { numbers };
        for (order, name) in [(Order::InTurn, "in turn"), (Order::Scattered, "scattered")] {
            for callers in &numbers {
                let round = |_| (runtime.block_on(calls(*callers, order)), plain(*callers, order));
                let (ours, plain): (Vec<f64>, Vec<f64>) = (0..ROUNDS).map(round).unzip();
                let (ours, plain) = (median(ours), median(plain));
                let ratio = ours / plain;
                println!("| {name} | {callers} | {ours:.0} | {plain:.0} | {ratio:.2} |");
            }
        }
    }
    if wanted("deliveries") {
        println!("deliveries per second, one publisher who waits for each event to be saved");
        for subscribers in [1, 10, 100] {
            println!("{subscribers:>8} {:>10.0}", runtime.block_on(deliveries(subscribers)));
        }
    }
    if wanted("slow") {
        slow::run(&runtime);
    }
}
