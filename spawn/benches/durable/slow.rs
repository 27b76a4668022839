//! A slow subscriber beside a fast publisher.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use spawn::System;
use spawn::prelude::*;
use spawn::store::Sqlite;
use tokio::runtime::Runtime;
use tokio::sync::Notify;

use super::{Account, Changed, median, per_second};

const ROUNDS: u32 = 3;

/// How many events the publisher has on their way at once.
const IN_FLIGHT: usize = 256;

/// How long the subscriber may catch up when it is let go: its action is `async`, so that it waits for the disk after each event.
const CATCHING_UP: Duration = Duration::from_secs(10);

/// What the subscriber is told, and what it tells.
#[derive(Default)]
struct Pace {
    is_let_go: AtomicBool,
    news: Notify,
    heard: AtomicU64,
    /// Events that were not the next one.
    wrong: AtomicU64,
}

#[message(name = "bench.Slow")]
pub(crate) struct Slow {
    last: u64,
}

#[actor(name = "bench_slow", channels = [("bench.flood", hear)])]
impl Slow {
    #[action]
    async fn hear(&mut self, pace: &Arc<Pace>, event: Changed) {
        if !pace.is_let_go.load(Ordering::Acquire) {
            // Ends early when it is let go.
            let _let_go = tokio::time::timeout(Duration::from_secs(1), pace.news.notified()).await;
        }
        pace.wrong.fetch_add(u64::from(event.number != self.last + 1), Ordering::Relaxed);
        self.last = event.number;
        pace.heard.store(event.number, Ordering::Release);
    }
}

/// What a round came to.
struct Round {
    rate: f64,
    published: u64,
    /// How many of them the subscriber had not heard in the end.
    waiting: u64,
    /// The last one that it had heard, before and after these were counted: a system that is dropped may go on for a moment.
    heard: (u64, u64),
    /// By how much memory grew, in KiB.
    grown: u64,
    pace: Arc<Pace>,
}

/// Publishes for so long; `subscribed` says whether the slow one is there.
async fn round(time: Duration, subscribed: bool) -> Round {
    let directory = tempfile::tempdir().unwrap();
    let pace = Arc::<Pace>::default();
    let builder = System::builder("bench").store(Sqlite::at(directory.path()));
    let builder = builder.resource(Arc::clone(&pace));
    let builder = if subscribed { builder.only::<(Slow,)>() } else { builder.only::<(Account,)>() };
    let system = builder.start().await.unwrap();
    let mut published = 0;
    let (before, mut most) = (resident(), 0);
    let began = Instant::now();
    let mut in_flight = VecDeque::new();
    while began.elapsed() < time {
        published += 1;
        let event = Changed { text: "y".repeat(90), number: published };
        let mut publishing = Box::pin(system.broadcast(Broadcast::to("bench.flood", event)));
        // The first poll submits it.
        if poll_fn(|cx| Poll::Ready(publishing.as_mut().poll(cx).is_pending())).await {
            in_flight.push_back(publishing);
        }
        if in_flight.len() >= IN_FLIGHT {
            in_flight.pop_front().unwrap().await.unwrap();
        }
        if published % 1_024 == 0 {
            most = resident().max(most);
        }
    }
    for publishing in in_flight {
        publishing.await.unwrap();
    }
    let rate = per_second(published, began);
    let mut round = Round {
        waiting: 0,
        heard: (0, 0),
        rate,
        published,
        grown: most.saturating_sub(before),
        pace,
    };
    if subscribed {
        let pace = &round.pace;
        pace.is_let_go.store(true, Ordering::Release);
        pace.news.notify_waiters();
        let ends = Instant::now() + CATCHING_UP;
        while pace.heard.load(Ordering::Acquire) < published && Instant::now() < ends {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    // Not shut down, which would wait until it has heard everything.
    drop(system);
    if subscribed {
        let heard = || round.pace.heard.load(Ordering::Acquire);
        let before = heard();
        round.waiting = waiting(directory.path());
        round.heard = (before, heard());
    }
    round
}

/// How many events of the log are still to come to the subscriber.
fn waiting(directory: &Path) -> u64 {
    let file = Connection::open(directory.join("spawn.db")).unwrap();
    let count = "SELECT count(*) FROM log WHERE position > (SELECT position FROM actors)";
    let count: i64 = file.query_row(count, (), |row| row.get(0)).unwrap();
    u64::try_from(count).unwrap()
}

/// The memory of this process, in KiB; 0 where nobody says.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|it| it.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

pub(super) fn run(runtime: &Runtime) {
    let seconds = std::env::var("SPAWN_BENCH_SECONDS").ok().and_then(|it| it.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(30)) / ROUNDS;
    println!("events per second of one publisher, in {ROUNDS} rounds of {time:?}");
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.push(runtime.block_on(round(time, false)));
        beside.push(runtime.block_on(round(time, true)));
    }
    let rate = |rounds: &[Round]| median(rounds.iter().map(|round| round.rate).collect());
    println!("{:>28} {:>10.0}", "alone", rate(&alone));
    println!("{:>28} {:>10.0}", "beside a slow subscriber", rate(&beside));
    let grown = |rounds: &[Round]| rounds.iter().map(|round| round.grown).max().unwrap_or(0);
    println!("memory grew by {} KiB alone, {} KiB beside it", grown(&alone), grown(&beside));
    let published: u64 = beside.iter().map(|round| round.published).sum();
    let heard: u64 = beside.iter().map(|round| round.heard.1).sum();
    let wrong: u64 = beside.iter().map(|round| round.pace.wrong.load(Ordering::Relaxed)).sum();
    let waiting: u64 = beside.iter().map(|round| round.waiting).sum();
    println!(
        "of {published} events it heard {heard} when let go, {waiting} wait for it in the log; {wrong} were lost, twice or out of order"
    );
    assert_eq!(wrong, 0);
    for Round { published, waiting, heard: (before, after), .. } in &beside {
        // Its action is `async` and begins when what came before it is saved. So all but the last one that it has heard are.
        let saved = published - waiting;
        let range = before.saturating_sub(1)..=*after;
        assert!(range.contains(&saved), "saved {saved}, heard {before} to {after}");
    }
}
