//! JSON in the log and in what waits, after a restart.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::testing::TestSystem;
use spawn::{ActionError, SystemBuilder};

#[derive(Clone, Serialize, Deserialize)]
struct Created {
    id: String,
    cents: u64,
}

#[message(name = "durable_json.Orders")]
struct Orders {
    count: u64,
}

#[actor(name = "durable_json_orders")]
impl Orders {
    #[action]
    fn create(&mut self, created: Json<Created>) -> Value<()> {
        self.count += 1;
        let bill = SideEffect::to("durable_json_ledger", "bill", created.clone());
        let untyped = json!({ "id": "untyped", "cents": 1 });
        let untyped = SideEffect::to("durable_json_ledger", "bill", untyped);
        Value::of()
            .broadcast(Broadcast::to("durable_json.created", created))
            .effect(bill)
            .effect(untyped)
    }
}

type Booked = Result<Value<()>, ActionError>;

/// Handles nothing while it is shut.
#[derive(Debug, Default)]
struct Shut(AtomicBool);

#[message(name = "durable_json.Ledger")]
struct Ledger {
    booked: Vec<String>,
}

#[actor(
    name = "durable_json_ledger",
    channels = [("durable_json.*", book)],
    retry = { attempts = 1_000, backoff = "10ms", max_backoff = "10ms" },
)]
impl Ledger {
    #[action]
    fn book(&mut self, shut: &Arc<Shut>, event: Json<Created>) -> Booked {
        self.note(shut, format!("{} {}", event.id, event.cents))
    }

    #[action]
    fn bill(&mut self, shut: &Arc<Shut>, event: Json<Created>) -> Booked {
        self.note(shut, format!("bill {} {}", event.id, event.cents))
    }

    fn note(&mut self, shut: &Shut, what: String) -> Booked {
        if shut.0.load(Ordering::SeqCst) {
            return Err(ActionError::new("shut", "not now"));
        }
        self.booked.push(what);
        Ok(Value::of().broadcast(Broadcast::to("booked", self.booked.join(", "))))
    }
}

fn on(directory: &tempfile::TempDir, shut: &Arc<Shut>) -> SystemBuilder {
    System::builder("json")
        .store(Sqlite::at(directory.path()))
        .resource(Arc::clone(shut))
        .only::<(Orders, Ledger)>()
}

#[tokio::test]
async fn an_event_and_an_effect_in_json_are_there_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let shut = Arc::new(Shut(AtomicBool::new(true)));
    let system = on(&directory, &shut).start().await.unwrap();
    let created = Created { id: "o-1".to_owned(), cents: 700 };
    system.actor::<Orders>().create(Json(created)).await.unwrap();
    let late = json!({ "id": "o-2", "cents": 5 });
    system.broadcast(Broadcast::to("durable_json.late", late.clone())).await.unwrap();
    let call = system.invoke("durable_json_ledger", "bill", late);
    call.delay(Duration::from_millis(1)).await.unwrap();
    system.shutdown().await.unwrap();

    // In the file it is JSON, under its name.
    let connection = rusqlite::Connection::open(directory.path().join("spawn.db")).unwrap();
    let mut events = connection.prepare("SELECT type, payload FROM log ORDER BY 1").unwrap();
    let rows =
        events.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)));
    let rows: Vec<_> = rows.unwrap().map(|row| row.unwrap()).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0].0.as_str(), rows[1].0.as_str()), ("spawn.Json", "spawn.json.Created"));
    assert_eq!(rows[1].1, br#"{"id":"o-1","cents":700}"#);
    drop(events);
    drop(connection);

    let system = TestSystem::from(on(&directory, &shut).start().await.unwrap());
    let mut booked = system.probe("booked").unwrap();
    shut.0.store(false, Ordering::SeqCst);
    let mut all = String::new();
    for _ in 0..5 {
        all = booked.expect().await;
    }
    let mut all: Vec<_> = all.split(", ").collect();
    let (events, mut calls): (Vec<_>, Vec<_>) =
        all.drain(..).partition(|it| !it.starts_with("bill"));
    assert_eq!(events, ["o-1 700", "o-2 5"]);
    calls.sort_unstable();
    assert_eq!(calls, ["bill o-1 700", "bill o-2 5", "bill untyped 1"]);
    booked.expect_none().await;
}
