//! Ten times as many calls as can be served, for some seconds: memory stays flat, nobody is left without an answer, nothing that was
//! acknowledged is lost, and it is over when it is over.
//!
//! A process of its own, since the memory is that of the process.
//!
//! ```text
//! cargo test -p spawn-tests --test overload
//! cargo test -p spawn-tests --release --test overload -- --seconds 30
//! ```
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stdout, reason = "a program that reports to a person")]

mod actors;

use std::alloc::System as Alloc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::{ErrorKind, Result};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

use crate::actors::{Fanned, Feed, Ledger, Listener, Slow, Tally};

#[global_allocator]
static MEMORY: &StatsAlloc<Alloc> = &INSTRUMENTED_SYSTEM;

/// How long what was taken may take when it is over.
const PATIENCE: Duration = Duration::from_mins(1);

/// What is allocated now.
fn allocated() -> usize {
    let stats = MEMORY.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut seconds = 4;
    while let Some(argument) = arguments.next() {
        if argument == "--seconds" {
            seconds = arguments.next().unwrap().parse().unwrap();
        }
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let length = Duration::from_secs(seconds);
    for scene in [Scene::Wait, Scene::Refuse, Scene::Cast, Scene::Disk, Scene::Events] {
        runtime.block_on(overload(scene, length));
    }
}

/// How there is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scene {
    /// Callers wait for an actor that takes a millisecond for each call.
    Wait,
    /// As `Wait`, but who finds the mailbox full is told.
    Refuse,
    /// Nobody waits for the responses of that actor.
    Cast,
    /// Nobody waits for thousands of actors that save as fast as the disk can, each state 10 kB.
    Disk,
    /// A publisher, and a subscriber who takes a millisecond for each event.
    Events,
}

/// What callers counted.
#[derive(Default)]
struct Counts {
    tried: AtomicU64,
    acknowledged: AtomicU64,
    overloaded: AtomicU64,
    timed_out: AtomicU64,
}

impl Counts {
    fn count(&self, outcome: &Result<()>) {
        let place = match outcome {
            Ok(()) => &self.acknowledged,
            Err(error) if error.kind() == ErrorKind::Overloaded => &self.overloaded,
            Err(error) if error.kind() == ErrorKind::Timeout => &self.timed_out,
            Err(error) => panic!("{error:?}"),
        };
        place.fetch_add(1, Ordering::Relaxed);
    }
}

async fn start(directory: &std::path::Path) -> System {
    let builder = System::builder("overload").store(Sqlite::at(directory));
    builder.only::<(Slow, Tally, Ledger, Feed, Listener, Fanned)>().start().await.unwrap()
}

async fn overload(scene: Scene, length: Duration) {
    let directory = tempfile::tempdir().unwrap();
    let system = start(directory.path()).await;
    let before = latency(&system).await;
    let counts = Arc::new(Counts::default());
    let stop = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..16)
        .map(|caller| {
            tokio::spawn(call(
                scene,
                system.clone(),
                caller,
                Arc::clone(&counts),
                Arc::clone(&stop),
            ))
        })
        .collect();

    // What it needs once it is in full swing is what it needs; a slow machine comes to that later.
    let mut samples = Vec::new();
    let began = Instant::now();
    while began.elapsed() < length || began.elapsed() < length * 10 && !is_flat(&samples) {
        tokio::time::sleep(Duration::from_millis(100)).await;
        samples.push(allocated());
    }
    let length = began.elapsed();
    let tried = counts.tried.load(Ordering::Relaxed);
    stop.store(true, Ordering::Relaxed);
    // Those who wait have timeouts of a second.
    let ends = Instant::now();
    for caller in callers {
        caller.await.unwrap();
    }
    let over = ends.elapsed();
    // What was taken before is served meanwhile.
    let usual = before * 20 + Duration::from_millis(500);
    let mut after = latency(&system).await;
    while after >= usual && ends.elapsed() < PATIENCE {
        after = latency(&system).await;
    }

    let (first, second) = halves(&samples);
    let [acknowledged, overloaded, timed_out] =
        [&counts.acknowledged, &counts.overloaded, &counts.timed_out]
            .map(|count| count.load(Ordering::Relaxed));
    println!(
        "{scene:?}: {tried} tried in {length:.1?}, {acknowledged} acknowledged, {overloaded} overloaded, {timed_out} timed out; \
         memory up to {} kB, then {} kB; the last caller ended after {over:?}; latency {before:?} before, {after:?} after",
        first / 1_000,
        second / 1_000,
    );
    assert!(is_flat(&samples), "{scene:?}: memory grows: {samples:?}");
    assert!(second < 256 << 20, "{scene:?}: {second} bytes");
    assert!(over < Duration::from_secs(20), "{scene:?}: {over:?}");
    assert!(after < usual, "{scene:?}: {after:?} after, {before:?} before");
    check(scene, &system, acknowledged).await;
    // The subscribers of events are far behind, and go on after the restart.
    system.shutdown_within(Duration::from_secs(1)).await.unwrap();
    // What was acknowledged is there after a restart, and nothing comes twice.
    let system = start(directory.path()).await;
    check(scene, &system, acknowledged).await;
    assert!(system.dead_letters().list().await.unwrap().is_empty());
    system.shutdown_within(Duration::from_secs(1)).await.unwrap();
}

/// The most that was allocated in the first half of the time, and in the second.
fn halves(samples: &[usize]) -> (usize, usize) {
    let highest = |samples: &[usize]| samples.iter().copied().max().unwrap_or_default();
    let (first, second) = samples.split_at(samples.len() / 2);
    (highest(first), highest(second))
}

/// Whether the memory has come to what it needs.
fn is_flat(samples: &[usize]) -> bool {
    let (first, second) = halves(samples);
    second < first + first / 4 + (4 << 20)
}

/// How long a call takes of an actor that has nothing to do with it, and saves.
async fn latency(system: &System) -> Duration {
    let mut all = Vec::new();
    for _ in 0..20 {
        let began = Instant::now();
        system.actor::<Tally>().add().timeout(PATIENCE).await.unwrap();
        all.push(began.elapsed());
    }
    all.sort();
    all[all.len() / 2]
}

/// Calls until it is told to stop, in bursts: sixteen callers with a hundred calls each are far more than ten times what is served.
async fn call(
    scene: Scene,
    system: System,
    caller: u64,
    counts: Arc<Counts>,
    stop: Arc<AtomicBool>,
) {
    let mut number = caller;
    while !stop.load(Ordering::Relaxed) {
        number += 16;
        let burst = (0..100).map(|place| one(scene, &system, number * 100 + place));
        for outcome in futures_util::future::join_all(burst).await {
            counts.tried.fetch_add(1, Ordering::Relaxed);
            counts.count(&outcome);
        }
        tokio::task::yield_now().await;
    }
}

async fn one(scene: Scene, system: &System, number: u64) -> Result<()> {
    let second = Duration::from_secs(1);
    match scene {
        Scene::Wait => system.actor::<Slow>().work().timeout(second).await.map(drop),
        Scene::Refuse => {
            system.actor::<Slow>().work().fail_when_full().timeout(second).await.map(drop)
        }
        Scene::Cast => system.actor::<Slow>().work().timeout(second).cast().await,
        Scene::Disk => {
            let ledger = system.actor_by_id::<Ledger>(format!("l-{}", number % 2_000));
            ledger.enter(number).timeout(second).cast().await
        }
        Scene::Events => system.actor::<Feed>().publish().timeout(second).await.map(drop),
    }
}

/// What was acknowledged had its effect. A cast is acknowledged when the actor has it, and so may be served later.
async fn check(scene: Scene, system: &System, acknowledged: u64) {
    let began = Instant::now();
    loop {
        let found = match scene {
            Scene::Wait | Scene::Refuse | Scene::Cast => {
                system.actor::<Slow>().done().timeout(PATIENCE).await.unwrap()
            }
            Scene::Disk => {
                let ids = (0..2_000).map(|number| format!("l-{number}"));
                let ledgers = system.group::<Ledger>(ids);
                let all = ledgers.invoke(|ledger| ledger.entered().timeout(PATIENCE)).await;
                all.into_iter().map(|it| it.unwrap()).sum()
            }
            Scene::Events => {
                let published = system.actor::<Feed>().published().timeout(PATIENCE).await.unwrap();
                assert!(published >= acknowledged, "{published} of {acknowledged} are published");
                return;
            }
        };
        if found >= acknowledged {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{scene:?}: {found} of {acknowledged}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
