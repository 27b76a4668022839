//! Commits per second of `Sqlite` and `Memory`, beside a plain loop that inserts the same rows.
//!
//! Each commit is a state of 120 bytes of one of 10,000 actors, and an event of 100 bytes. Not a criterion benchmark: what counts is
//! the rate over seconds, syncs and checkpoints included. `cargo bench --bench store`, or with the sizes of the
//! groups: `cargo bench --bench store -- 256`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on has failed, and prints"
)]

use std::iter;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use spawn::store::Verdict;
use spawn::store::{ActorWrite, Commit, Encoded, Epoch, Memory, NewEvent, Revision, Sqlite, Store};
use spawn::{ActorId, Channel, Metadata};

const ACTORS: usize = 10_000;
const EVENTS: Channel = Channel::new("order.events");
const TIME: Duration = Duration::from_secs(4);

struct Load {
    epoch: Epoch,
    keep: u16,
    state: Encoded,
    event: Encoded,
    actors: Vec<(ActorId, Revision)>,
    next: usize,
}

impl Load {
    fn new(epoch: Epoch, keep: u16) -> Self {
        let actor = |n| ActorId::parse(&format!("order/order-{:08}", n * 7_919 % ACTORS)).unwrap();
        let encoded = |name: &str, length| Encoded {
            type_name: name.to_owned().into(),
            bytes: vec![7; length].into(),
        };
        Self {
            epoch,
            keep,
            state: encoded("shop.Order", 120),
            event: encoded("shop.OrderCreated", 100),
            actors: (0..ACTORS).map(|n| (actor(n), Revision(0))).collect(),
            next: 0,
        }
    }

    fn commit(&mut self) -> Commit {
        let (actor, revision) = &mut self.actors[self.next % ACTORS];
        self.next += 1;
        let expected = *revision;
        revision.0 += 1;
        Commit {
            epoch: self.epoch,
            at: 1,
            actor: Some(ActorWrite {
                actor: actor.clone(),
                expected,
                state: Some(self.state.clone()),
                keep: self.keep,
                cursor: None,
                tags: None,
            }),
            events: vec![NewEvent {
                channel: EVENTS,
                payload: self.event.clone(),
                publisher: Some(actor.clone()),
                metadata: Metadata::new(),
                at: 1,
            }],
            ..Commit::default()
        }
    }
}

/// Commits per second of `commit`, which makes one group last.
fn rate(group: usize, mut commit: impl FnMut(Vec<Commit>), load: &mut Load) -> f64 {
    let (mut count, mut spent) = (0.0, Duration::ZERO);
    while spent < TIME {
        let commits: Vec<Commit> = iter::repeat_with(|| load.commit()).take(group).collect();
        let start = Instant::now();
        commit(commits);
        spent += start.elapsed();
        count += f64::from(u32::try_from(group).unwrap());
    }
    count / spent.as_secs_f64()
}

fn store(store: &dyn Store, group: usize, keep: u16) -> f64 {
    let opened = store.open("bench").unwrap();
    let mut number = opened.batch;
    let commit = |commits: Vec<Commit>| {
        number += 1;
        let commits: Vec<&Commit> = commits.iter().collect();
        let verdicts = store.commit(number, &commits).unwrap();
        assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Committed { .. })));
    };
    let rate = rate(group, commit, &mut Load::new(opened.epoch, keep));
    store.close();
    rate
}

/// One upsert of the state and one insert of the event, and nothing is asked.
fn plain(directory: &Path, group: usize) -> f64 {
    let connection = Connection::open(directory.join("plain.db")).unwrap();
    let schema = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096;
        PRAGMA cache_size = -32768;
        CREATE TABLE state (key TEXT PRIMARY KEY, revision INTEGER, type TEXT, state BLOB) WITHOUT ROWID;
        CREATE TABLE log (position INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT, type TEXT, payload BLOB,
                          publisher TEXT, metadata BLOB, at INTEGER);";
    connection.execute_batch(schema).unwrap();
    let commit = |commits: Vec<Commit>| {
        let transaction = connection.unchecked_transaction().unwrap();
        let mut upsert = connection
            .prepare_cached(
                "REPLACE INTO state (key, revision, type, state) VALUES (?1, ?2, ?3, ?4)",
            )
            .unwrap();
        let mut insert = connection
            .prepare_cached(
                "INSERT INTO log (channel, type, payload, publisher, metadata, at) VALUES (?1, ?2, ?3, ?4, NULL, ?5)",
            )
            .unwrap();
        for commit in commits {
            let write = commit.actor.unwrap();
            let state = write.state.unwrap();
            let revision = i64::try_from(write.expected.0 + 1).unwrap();
            upsert
                .execute(params![write.actor.as_str(), revision, state.type_name, &state.bytes[..]])
                .unwrap();
            for event in commit.events {
                insert
                    .execute(params![
                        event.channel.as_str(),
                        event.payload.type_name,
                        &event.payload.bytes[..],
                        event.publisher.as_ref().map(ActorId::as_str),
                        1,
                    ])
                    .unwrap();
            }
        }
        drop((upsert, insert));
        transaction.commit().unwrap();
    };
    rate(group, commit, &mut Load::new(Epoch(1), 1))
}

fn main() {
    println!("{:>6} {:>12} {:>12} {:>12} {:>12}", "group", "plain", "keep 1", "keep 16", "memory");
    let given: Vec<usize> = std::env::args().filter_map(|group| group.parse().ok()).collect();
    let groups = if given.is_empty() { vec![1, 128, 1_024] } else { given };
    for group in groups {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| Sqlite::at(directory.path().join(name));
        let rates = [
            plain(directory.path(), group),
            store(&at("one"), group, 1),
            store(&at("sixteen"), group, 16),
            store(&Memory::new(), group, 16),
        ];
        let [plain, one, sixteen, memory] = rates.map(f64::round);
        println!("{group:>6} {plain:>12} {one:>12} {sixteen:>12} {memory:>12}");
    }
}
