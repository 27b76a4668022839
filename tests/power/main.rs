//! What a loss of power, and a disk whose syncs fail, leave of what was acknowledged.
//!
//! SQLite writes through a file system of these tests, which notes every write and every sync. A loss of power is played afterwards, at
//! any moment: what was synced is there; of the rest, any sectors. `SPAWN_POWER_SEED` repeats a run, `SPAWN_POWER_ROUNDS` lengthens it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod disk;
mod script;
mod system;
mod vfs;

use parking_lot::{Mutex, MutexGuard};
use spawn_tests::Random;

use crate::disk::{Honesty, recorder};
use crate::script::{History, Trouble};

/// The recorder is one for the process: one test at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    vfs::install();
    ALONE.lock()
}

fn number_in(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

fn seed() -> u64 {
    number_in("SPAWN_POWER_SEED").unwrap_or_else(Random::any_seed)
}

/// How often the power is lost.
fn losses() -> u64 {
    60 * number_in("SPAWN_POWER_ROUNDS").unwrap_or(1)
}

/// Loses the power at so many moments; the first thing that is wrong.
fn lose_power_often(
    history: &History,
    honesty: Honesty,
    random: &mut Random,
) -> Result<(), String> {
    let (began, ended) = (history.disk.began(), recorder().now());
    for _ in 0..losses() {
        let span = u64::try_from(ended - began).unwrap();
        let at = began + usize::try_from(random.below(span + 1)).unwrap();
        let image = tempfile::tempdir().unwrap();
        history.disk.lose_power(at, honesty, random, image.path());
        history
            .check(at, image.path())
            .map_err(|error| format!("at {} of {span}: {error}", at - began))?;
    }
    Ok(())
}

fn play(trouble: Trouble, honesty: Honesty) -> (History, Result<(), String>, u64) {
    let _alone = alone();
    let seed = seed();
    let mut random = Random(seed);
    let directory = tempfile::tempdir().unwrap();
    let history = script::play(directory.path(), 60, trouble, &mut random);
    let outcome = lose_power_often(&history, honesty, &mut random);
    (history, outcome, seed)
}

#[test]
fn what_was_acknowledged_is_there_after_a_loss_of_power() {
    let (_, outcome, seed) = play(Trouble::default(), Honesty::Honest);
    outcome.unwrap_or_else(|error| panic!("SPAWN_POWER_SEED={seed}: {error}"));
}

#[test]
fn so_it_is_where_syncs_fail() {
    let trouble = Trouble { syncs_fail: true, writes_fail: false };
    let (history, outcome, seed) = play(trouble, Honesty::Honest);
    outcome.unwrap_or_else(|error| panic!("SPAWN_POWER_SEED={seed}: {error}"));
    assert!(history.unknown > 0, "SPAWN_POWER_SEED={seed}: no sync failed");
}

#[test]
fn so_it_is_where_writes_fail() {
    let trouble = Trouble { syncs_fail: true, writes_fail: true };
    let (history, outcome, seed) = play(trouble, Honesty::Honest);
    outcome.unwrap_or_else(|error| panic!("SPAWN_POWER_SEED={seed}: {error}"));
    assert!(history.failed + history.unknown > 0, "SPAWN_POWER_SEED={seed}: nothing failed");
}

#[test]
fn a_disk_that_lies_is_found_out() {
    let found = (0..3).any(|_| play(Trouble::default(), Honesty::Lies).1.is_err());
    assert!(found, "syncs that do nothing lose nothing: the check cannot fail");
}
