//! A whole system on a disk whose syncs fail, and that loses its power.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use spawn::ErrorKind;
use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn_tests::Random;

use crate::disk::{Disk, Honesty, recorder};
use crate::{alone, seed};

#[message(name = "power.Account")]
struct Account {
    count: u64,
}

#[message(name = "power.Added")]
struct Added {
    count: u64,
}

#[actor(name = "power_account", kind = unnamed)]
impl Account {
    #[action]
    fn add(&mut self) -> Value<u64> {
        self.count += 1;
        Value::from(self.count).broadcast(Broadcast::to("power.added", Added { count: 1 }))
    }

    #[action]
    fn count(&self) -> u64 {
        self.count
    }
}

#[message(name = "power.Ledger")]
struct Ledger {
    sum: u64,
}

#[actor(name = "power_ledger", channels = [("power.added", add)])]
impl Ledger {
    #[action]
    fn add(&mut self, event: Added) {
        self.sum += event.count;
    }

    #[action]
    fn sum(&self) -> u64 {
        self.sum
    }
}

const ACCOUNTS: usize = 8;

async fn start(directory: &std::path::Path) -> System {
    let builder = System::builder("power").store(Sqlite::at(directory));
    builder.only::<(Account, Ledger)>().start().await.unwrap()
}

/// What the accounts and the ledger have.
async fn counts(system: &System) -> (Vec<u64>, u64) {
    system.settled().await;
    let mut counts = Vec::new();
    for number in 0..ACCOUNTS {
        let account = system.actor_by_id::<Account>(number.to_string());
        counts.push(account.count().await.unwrap());
    }
    (counts, system.actor::<Ledger>().sum().await.unwrap())
}

/// What an account has said, and how much was done to the disk by then.
type Said = Arc<Mutex<Vec<(usize, u64)>>>;

/// Adds to an account until it is told to stop; an error means that nothing was added.
async fn add(system: System, number: usize, said: Said, stop: Arc<AtomicBool>) {
    let account = system.actor_by_id::<Account>(number.to_string());
    while !stop.load(Ordering::SeqCst) {
        match account.add().timeout(Duration::from_mins(1)).await {
            Ok(count) => said.lock().push((recorder().now(), count)),
            Err(error) => {
                let known = [ErrorKind::Storage, ErrorKind::Stale, ErrorKind::Activation];
                assert!(known.contains(&error.kind()), "{error:?}");
            }
        }
    }
}

#[test]
fn a_system_whose_syncs_fail_says_only_what_is_true() {
    let _alone = alone();
    let seed = seed();
    let mut random = Random(seed);
    let directory = tempfile::tempdir().unwrap();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
    let said: Vec<Said> = (0..ACCOUNTS).map(|_| Said::default()).collect();
    runtime.block_on(async { start(directory.path()).await.shutdown().await.unwrap() });
    let disk = Disk::of(directory.path());
    let mut was_unhealthy = false;
    runtime.block_on(async {
        let system = start(directory.path()).await;
        let stop = Arc::<AtomicBool>::default();
        let adding = said.iter().enumerate().map(|(number, said)| {
            tokio::spawn(add(system.clone(), number, Arc::clone(said), Arc::clone(&stop)))
        });
        let adding: Vec<_> = adding.collect();
        for _ in 0..15 {
            tokio::time::sleep(Duration::from_millis(random.below(20))).await;
            // Now and then, also opening the store again fails.
            recorder().fail_syncs(u32::try_from(1 + random.below(3)).unwrap());
            for _ in 0..300 {
                was_unhealthy |= !system.is_healthy();
                tokio::time::sleep(Duration::from_micros(100)).await;
            }
        }
        recorder().fail_syncs(0);
        stop.store(true, Ordering::SeqCst);
        for adding in adding {
            adding.await.unwrap();
        }
        // An account says one more than it said last: nothing that was refused is there.
        for (number, said) in said.iter().enumerate() {
            let last = said.lock().last().map_or(0, |(_, count)| *count);
            let account = system.actor_by_id::<Account>(number.to_string());
            assert_eq!(account.add().await.unwrap(), last + 1, "SPAWN_POWER_SEED={seed}");
            said.lock().push((recorder().now(), last + 1));
            let numbers = said.lock().iter().map(|(_, count)| *count).collect::<Vec<_>>();
            assert!(numbers.iter().copied().eq(1..=last + 1), "SPAWN_POWER_SEED={seed}");
        }
        assert!(system.is_healthy());
        let (counts, sum) = counts(&system).await;
        assert_eq!(counts.iter().sum::<u64>(), sum, "SPAWN_POWER_SEED={seed}");
        system.shutdown().await.unwrap();
    });
    // Most commits whose sync failed are found to have taken effect when the file is opened again.
    assert!(was_unhealthy, "no sync failed");

    let (began, ended) = (disk.began(), recorder().now());
    for _ in 0..12 {
        let span = u64::try_from(ended - began).unwrap();
        let at = began + usize::try_from(random.below(span + 1)).unwrap();
        let image = tempfile::tempdir().unwrap();
        disk.lose_power(at, Honesty::Honest, &mut random, image.path());
        let (counts, sum) = runtime.block_on(async {
            let system = start(image.path()).await;
            let found = counts(&system).await;
            system.shutdown().await.unwrap();
            found
        });
        assert_eq!(counts.iter().sum::<u64>(), sum, "SPAWN_POWER_SEED={seed}");
        for (said, count) in said.iter().zip(counts) {
            let said = said.lock();
            let acknowledged = said.iter().filter(|(when, _)| *when <= at).map(|(_, count)| *count);
            let last = acknowledged.max().unwrap_or(0);
            assert!(count >= last, "SPAWN_POWER_SEED={seed}: {last} acknowledged, {count} there");
        }
    }
}
