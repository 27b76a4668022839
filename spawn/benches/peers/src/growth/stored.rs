//! What grows in the store.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::{Client, SystemBuilder};
use tokio::runtime::Runtime;

use crate::plot::Plot;
use crate::{line, nanos};

/// A state of any size, of which each call changes a number.
#[message(name = "growth.Document")]
pub struct Document {
    version: i64,
    text: Vec<u8>,
}

#[actor(name = "growth_document", kind = unnamed, deactivate_timeout = "1h")]
impl Document {
    #[action]
    fn fill(&mut self, length: i64) {
        self.text = vec![b'x'; length as usize];
    }

    #[action]
    fn touch(&mut self) -> i64 {
        self.version += 1;
        self.version
    }

    #[action]
    fn look(&self) -> i64 {
        self.version
    }
}

/// Publishes an event with each call.
#[message(name = "growth.Publisher")]
pub struct Publisher {
    count: i64,
}

#[actor(name = "growth_publisher")]
impl Publisher {
    #[action]
    fn publish(&mut self) -> Value<i64> {
        self.count += 1;
        Value::from(self.count).broadcast(Broadcast::to("growth.events", self.count))
    }
}

/// Has had everything in the log.
#[message(name = "growth.Reader")]
pub struct Reader {
    count: i64,
}

#[actor(name = "growth_reader", channels = [("growth.events", hear)])]
impl Reader {
    #[action]
    fn hear(&mut self, _number: i64) {
        self.count += 1;
    }

    #[action]
    fn count(&self) -> i64 {
        self.count
    }
}

async fn start_with(builder: SystemBuilder) -> System {
    builder.only::<(Document, Publisher, Reader)>().start().await.unwrap()
}

fn stored(directory: &Path) -> SystemBuilder {
    // What is in the log stays there.
    System::builder("growth").store(Sqlite::at(directory)).retention(Duration::from_secs(1 << 30))
}

/// One caller, who changes a few bytes of a state of so many.
pub fn state(runtime: &Runtime) -> Plot {
    let mut lines = [
        line("a call that looks"),
        line("a small change, in memory"),
        line("a small change, SQLite"),
    ];
    for length in [100_i64, 1_000, 10_000, 100_000, 1_000_000] {
        runtime.block_on(async {
            let directory = tempfile::tempdir().unwrap();
            let document = async |system: &System| -> Client<Document> {
                let document = system.actor_by_id::<Document>("one");
                document.fill(length).await.unwrap();
                document
            };
            let system = start_with(System::builder("growth").in_memory()).await;
            let one = document(&system).await;
            let looking = nanos(|_| async { assert!(one.look().await.is_ok()) }).await;
            let in_memory = nanos(|_| async { assert!(one.touch().await.is_ok()) }).await;
            system.shutdown().await.unwrap();
            let system = start_with(stored(directory.path())).await;
            let one = document(&system).await;
            let on_disk = nanos(|_| async { assert!(one.touch().await.is_ok()) }).await;
            system.shutdown().await.unwrap();
            for (line, of_one) in lines.iter_mut().zip([looking, in_memory, on_disk]) {
                line.points.push((length as f64, of_one));
            }
        });
    }
    Plot {
        title: "A call, by the size of the state",
        x: "bytes of the state",
        y: "nanoseconds",
        lines: lines.into(),
    }
}

/// A store with the tables of the system, and nothing in them but what a start leaves.
fn fresh(runtime: &Runtime, directory: &Path) -> Connection {
    runtime.block_on(async {
        let system = start_with(stored(directory)).await;
        system.actor::<Publisher>().publish().await.unwrap();
        system.settled().await;
        system.shutdown().await.unwrap();
    });
    Connection::open(directory.join("spawn.db")).unwrap()
}

/// The milliseconds until a system has started, and until it has answered a call.
fn start_up(runtime: &Runtime, directory: &Path) -> (System, f64, f64) {
    runtime.block_on(async {
        let began = Instant::now();
        let system = start_with(stored(directory)).await;
        let started = began.elapsed();
        system.actor_by_id::<Document>("actor-0000000500").touch().await.unwrap();
        (system, started.as_secs_f64() * 1e3, began.elapsed().as_secs_f64() * 1e3)
    })
}

/// With so many events in the log, all of which the one subscriber has had.
pub fn log(runtime: &Runtime) -> Plot {
    let mut lines = [
        line("start, milliseconds"),
        line("a call that publishes, microseconds"),
        line("from the call to its delivery, microseconds"),
    ];
    for rows in [1_000_i64, 10_000, 100_000, 1_000_000, 10_000_000] {
        let directory = tempfile::tempdir().unwrap();
        let connection = fresh(runtime, directory.path());
        let now = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";
        let fill = format!(
            "INSERT INTO log SELECT value + (SELECT head FROM meta), {now}, 'growth.events', 'google.protobuf.Int64Value',
                 x'0801', 'growth_publisher', NULL
             FROM (WITH RECURSIVE numbers(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM numbers LIMIT ?1)
                   SELECT value FROM numbers)"
        );
        connection.execute(&fill, params![rows]).unwrap();
        connection.execute("UPDATE meta SET head = head + ?1", params![rows]).unwrap();
        connection
            .execute(
                "UPDATE actors SET position = (SELECT head FROM meta) WHERE key = 'growth_reader'",
                (),
            )
            .unwrap();
        drop(connection);
        let (system, started, _) = start_up(runtime, directory.path());
        let (publish, deliver) = runtime.block_on(async {
            let (publisher, reader) = (system.actor::<Publisher>(), system.actor::<Reader>());
            system.settled().await;
            let publish = nanos(|_| async { assert!(publisher.publish().await.is_ok()) }).await;
            system.settled().await;
            let before = reader.count().await.unwrap();
            let deliver = nanos(|number| {
                let (publisher, reader) = (publisher.clone(), reader.clone());
                async move {
                    publisher.publish().await.unwrap();
                    while reader.count().await.unwrap() <= before + number as i64 {
                        tokio::task::yield_now().await;
                    }
                }
            });
            (publish, deliver.await)
        });
        runtime.block_on(system.shutdown()).unwrap();
        for (line, value) in lines.iter_mut().zip([started, publish / 1e3, deliver / 1e3]) {
            line.points.push((rows as f64, value));
        }
    }
    Plot {
        title: "What a long log costs",
        x: "events in the log",
        y: "milliseconds or microseconds",
        lines: lines.into(),
    }
}

/// With so many actors in the store.
pub fn start(runtime: &Runtime) -> Plot {
    let mut lines = [line("start"), line("start and a first call")];
    for rows in [1_000_i64, 10_000, 100_000, 1_000_000] {
        let directory = tempfile::tempdir().unwrap();
        let connection = fresh(runtime, directory.path());
        let numbers = "WITH RECURSIVE numbers(value) AS (SELECT 1000 UNION ALL SELECT value + 1 FROM numbers LIMIT ?1)";
        connection
            .execute(
                &format!("{numbers} INSERT INTO states SELECT value, 1, 'growth.Document', x'0801', 0 FROM numbers"),
                params![rows],
            )
            .unwrap();
        // The id of the kept state as a varint of two or three bytes.
        connection
            .create_scalar_function(
                "varint",
                1,
                rusqlite::functions::FunctionFlags::SQLITE_DETERMINISTIC,
                |context| {
                    let (mut value, mut bytes) = (context.get::<i64>(0)?, Vec::new());
                    while value >= 128 {
                        bytes.push(value as u8 | 128);
                        value >>= 7;
                    }
                    bytes.push(value as u8);
                    Ok(bytes)
                },
            )
            .unwrap();
        connection
            .execute(
                &format!(
                    "{numbers} INSERT INTO actors
                     SELECT printf('growth_document/actor-%010d', value - 1000), 1, NULL, NULL, varint(value) FROM numbers"
                ),
                params![rows],
            )
            .unwrap();
        connection.execute("UPDATE meta SET state = 1000 + ?1", params![rows]).unwrap();
        drop(connection);
        let (system, started, answered) = start_up(runtime, directory.path());
        runtime.block_on(system.shutdown()).unwrap();
        lines[0].points.push((rows as f64, started));
        lines[1].points.push((rows as f64, answered));
    }
    Plot {
        title: "A start, by the number of actors that are stored",
        x: "stored actors",
        y: "milliseconds",
        lines: lines.into(),
    }
}
