//! What goes wrong around a system, against the real store: the table of the book's page "When things break" names these tests.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod actors;
mod clock;
mod damage;
mod full;
mod handlers;
mod undecodable;

use std::path::Path;

use spawn::prelude::*;
use spawn::store::Sqlite;
use spawn::{ErrorKind, SystemBuilder};
use spawn_tests::eventually;

use crate::actors::{Ledger, Mirror};

/// A system with the ledger and its mirror.
fn builder(directory: &Path) -> SystemBuilder {
    System::builder("faults").only::<(Ledger, Mirror)>().store(Sqlite::at(directory))
}

/// The files of a system that runs, as a kill would leave them: the newest commits are in the log.
fn copy_as_killed(living: &Path, dead: &Path) {
    for name in ["spawn.db", "spawn.db-wal"] {
        std::fs::copy(living.join(name), dead.join(name)).unwrap();
    }
}

/// What the ledger and the mirror have, once the mirror has had everything.
async fn totals(system: &System) -> (u64, u64) {
    let total = system.actor::<Ledger>().total().await.unwrap();
    let mirrored = async || system.actor::<Mirror>().total().await.unwrap();
    let mirrored = eventually(mirrored, |found| *found >= total).await;
    (total, mirrored)
}

/// An error that says of the store what is the matter.
fn is_of_store(error: &spawn::Error) -> bool {
    [ErrorKind::Storage, ErrorKind::Stale, ErrorKind::Activation].contains(&error.kind())
}
