//! Tags last with the state, and change in its commit.

use std::sync::atomic::Ordering;

use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::store::{Sqlite, Store};
use spawn::testing::TestSystem;

use crate::faulty::Faulty;

#[message(name = "durable_tags.Case")]
struct Case {
    notes: i64,
}

#[actor(name = "durable_tags_case", kind = unnamed, snapshot_timeout = "1h", tags = { status = "open" })]
impl Case {
    #[action]
    fn note(&mut self) -> i64 {
        self.notes += 1;
        self.notes
    }

    #[action]
    fn close(&mut self) -> Value<()> {
        self.notes += 1;
        Value::of().tags([("status", "closed")])
    }

    #[action]
    fn status(&self, ctx: &Context) -> String {
        ctx.tags().get("status").cloned().unwrap_or_default()
    }
}

async fn start(store: impl Store) -> TestSystem {
    System::builder("tags").store(store).only::<(Case,)>().start().await.unwrap().into()
}

async fn with_status(system: &System, status: &str) -> Vec<String> {
    let found = system.find().tag("status", status).await.unwrap();
    found.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn tags_are_there_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let system = start(Sqlite::at(directory.path())).await;
    let case = system.actor_by_id::<Case>("7");
    case.note().await.unwrap();
    // The state could wait for an hour; it goes with the tags.
    case.close().await.unwrap();
    assert_eq!(with_status(&system, "closed").await, ["durable_tags_case/7"]);
    system.clone().shutdown().await.unwrap();
    let system = start(Sqlite::at(directory.path())).await;
    assert_eq!(with_status(&system, "closed").await, ["durable_tags_case/7"]);
    assert_eq!(with_status(&system, "open").await, [""; 0]);
    let case = system.actor_by_id::<Case>("7");
    assert_eq!(case.status().await.unwrap(), "closed");
    assert_eq!(case.note().await.unwrap(), 3);
}

#[tokio::test(start_paused = true)]
async fn tags_whose_commit_failed_are_what_they_were() {
    let store = Faulty::immediate();
    let system = start(store.clone()).await;
    let case = system.actor_by_id::<Case>("7");
    store.faults.fail_next.store(true, Ordering::SeqCst);
    assert_eq!(case.close().await.unwrap_err().kind(), ErrorKind::Storage);
    assert_eq!(case.status().await.unwrap(), "open");
    case.close().await.unwrap();
    assert_eq!(case.status().await.unwrap(), "closed");
    // The same again changes nothing of them, and the state may wait.
    let before = store.faults.commits().len();
    case.close().await.unwrap();
    assert_eq!(store.faults.commits().len(), before);
}
