//! Who has too much to do.

use std::time::Duration;

use spawn::prelude::*;

/// Takes a millisecond for everything.
#[message(name = "overload.Slow")]
pub(crate) struct Slow {
    done: u64,
}

#[actor(name = "overload_slow", mailbox = 256)]
impl Slow {
    #[action]
    pub(crate) async fn work(&mut self) -> u64 {
        tokio::time::sleep(Duration::from_millis(1)).await;
        self.done += 1;
        self.done
    }

    #[action]
    pub(crate) fn done(&self) -> u64 {
        self.done
    }
}

/// Is called by somebody who wants to know how long that takes.
#[message(name = "overload.Tally")]
pub(crate) struct Tally {
    count: u64,
}

#[actor(name = "overload_tally")]
impl Tally {
    #[action]
    pub(crate) fn add(&mut self) -> u64 {
        self.count += 1;
        self.count
    }
}

/// One of many, with a state that is some work for the disk.
#[message(name = "overload.Ledger")]
pub(crate) struct Ledger {
    entered: u64,
    page: Vec<u8>,
}

#[actor(name = "overload_ledger", kind = unnamed, revisions = 1, mailbox = 4)]
impl Ledger {
    #[action]
    pub(crate) fn enter(&mut self, number: u64) {
        self.entered += 1;
        self.page.resize(10_000, 0);
        self.page[..8].copy_from_slice(&number.to_le_bytes());
    }

    #[action]
    pub(crate) fn entered(&self) -> u64 {
        self.entered
    }
}

/// Publishes as fast as it can.
#[message(name = "overload.Feed")]
pub(crate) struct Feed {
    published: u64,
}

#[actor(name = "overload_feed")]
impl Feed {
    #[action]
    pub(crate) fn publish(&mut self) -> Value<u64> {
        self.published += 1;
        Value::from(self.published).broadcast(Broadcast::to("overload.news", self.published))
    }

    #[action]
    pub(crate) fn published(&self) -> u64 {
        self.published
    }
}

/// Falls behind.
#[message(name = "overload.Listener")]
pub(crate) struct Listener {
    heard: u64,
}

#[actor(name = "overload_listener", channels = [("overload.news", hear)])]
impl Listener {
    #[action]
    pub(crate) async fn hear(&mut self, number: u64) {
        tokio::time::sleep(Duration::from_millis(1)).await;
        // In order, and none of them twice.
        assert_eq!(number, self.heard + 1);
        self.heard = number;
    }
}

/// Falls behind, two at a time.
#[derive(Default)]
pub(crate) struct Fanned;

#[actor(
    name = "overload_fanned",
    kind = pooled,
    stateful = false,
    max_pool_size = 2,
    channels = [("overload.news", hear)]
)]
impl Fanned {
    #[action]
    async fn hear(&self, _: u64) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
