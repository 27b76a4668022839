//! What is looked at every few seconds.

use std::sync::Arc;

use spawn::prelude::*;
use spawn::store::Sqlite;
use tokio::sync::Notify;

use crate::scrape::{Samples, record, until};

#[derive(Default)]
struct Slow;

#[actor(name = "slow", stateful = false)]
impl Slow {
    #[action]
    async fn block(&self, gate: &Arc<Notify>) {
        gate.notified().await;
    }
}

#[tokio::test]
async fn what_waits_in_a_mailbox_is_told() {
    record();
    let gate = Arc::<Notify>::default();
    let builder = System::builder("mailboxes").in_memory().resource(Arc::clone(&gate));
    let system = builder.only::<(Slow,)>().start().await.unwrap();
    for _ in 0..4 {
        system.actor::<Slow>().block().cast().await.unwrap();
    }
    let depth = "spawn_mailbox_depth{actor=\"slow\"}";
    let samples = until("mailboxes", |samples| samples.get(depth) == 3.0).await;
    samples.assert(&[("spawn_active_actors{actor=\"slow\"}", 1.0)]);
    for _ in 0..4 {
        gate.notify_one();
        tokio::task::yield_now().await;
    }
    until("mailboxes", |samples| samples.get(depth) == 0.0).await;
}

#[derive(Default)]
struct Reader;

#[actor(name = "reader", stateful = false, channels = [("lag.news", read), ("lag.other.>", read)])]
impl Reader {
    #[action]
    fn read(&self, _number: i64) {}
}

#[tokio::test]
async fn a_subscriber_that_is_not_there_falls_behind() {
    record();
    let directory = tempfile::tempdir().unwrap();
    let builder = || System::builder("lags").store(Sqlite::at(directory.path()));
    let system = builder().only::<(Reader,)>().start().await.unwrap();
    system.broadcast(Broadcast::to("lag.news", 0_i64)).await.unwrap();
    system.shutdown().await.unwrap();

    // The program does not have it any more; its subscription is still there.
    let gate = Arc::<Notify>::default();
    let system = builder().only::<(Slow,)>().resource(gate).start().await.unwrap();
    for number in 0..3_i64 {
        let both = Broadcast::to("lag.news", number).and("lag.unheard", number);
        system.broadcast(both).await.unwrap();
    }
    let events = |pattern| {
        format!("spawn_subscription_lag_events{{pattern=\"{pattern}\",subscriber=\"reader\"}}")
    };
    let seconds = |pattern| {
        format!("spawn_subscription_lag_seconds{{pattern=\"{pattern}\",subscriber=\"reader\"}}")
    };
    let (news, other) = ("lag.news", "lag.other.>");
    let file = |name| std::fs::metadata(directory.path().join(name)).map_or(0, |it| it.len());
    let bytes = || f64::from(u32::try_from(file("spawn.db") + file("spawn.db-wal")).unwrap());
    let is_so = |samples: &Samples| {
        samples.get(&events(news)) == 3.0 && samples.get("spawn_store_bytes{}") == bytes()
    };
    let samples = until("lags", is_so).await;
    assert!((1e-9..60.0).contains(&samples.get(&seconds(news))), "{samples:#?}");
    samples.assert(&[(&events(other), 0.0), (&seconds(other), 0.0)]);
    system.shutdown().await.unwrap();

    let system = builder().only::<(Reader,)>().start().await.unwrap();
    until("lags", |samples| samples.get(&events(news)) == 0.0).await;
    system.shutdown().await.unwrap();
}
