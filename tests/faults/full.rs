//! A disk that is full: a small file system of its own.

use std::path::Path;
use std::process::Command;
use std::{fs, io::Write};

use spawn::prelude::*;
use tempfile::TempDir;

use crate::actors::{Ledger, Mirror};
use crate::{builder, is_of_store, totals};

/// A file system of so many bytes, unmounted at the end.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// `None`, and loudly, where nothing can be mounted: `sqlite::tests::a_full_disk_fails_a_batch_and_no_more` of the crate and
    /// `a_commit_whose_outcome_is_unknown_is_decided_by_recovering` stand for it there, with limits of SQLite and of the process.
    #[expect(
        clippy::explicit_write,
        reason = "what `eprintln` says is not shown of a test that passes"
    )]
    fn mount(bytes: u64) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={bytes}"), "tmpfs"]).arg(directory.path());
        if mount.status().is_ok_and(|status| status.success()) {
            return Some(Self(directory));
        }
        let skipped = "SKIPPED: no file system can be mounted here; run as root to fill a real one";
        writeln!(std::io::stderr(), "{skipped}").unwrap();
        None
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut file = fs::File::create(self.path().join("ballast")).unwrap();
        while file.write_all(&[0; 512]).is_ok() {}
    }

    fn make_room(&self) {
        fs::remove_file(self.path().join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a test that failed may have files open.
        drop(Command::new("umount").arg("-l").arg(self.path()).status());
    }
}

/// Adds until that fails, and says how often it was acknowledged and why it ended.
async fn add_until_it_fails(system: &System) -> (u64, spawn::Error) {
    let ledger = system.actor::<Ledger>();
    let mut acknowledged = 0;
    loop {
        match ledger.add(20_000).await {
            Ok(total) => acknowledged = total,
            Err(error) => return (acknowledged, error),
        }
        assert!(acknowledged < 10_000, "the disk is never full");
    }
}

#[tokio::test]
async fn a_full_disk_fails_commits_until_there_is_room() {
    let Some(disk) = SmallDisk::mount(8 << 20) else { return };
    let system = builder(disk.path()).start().await.unwrap();
    system.actor::<Ledger>().add(0).await.unwrap();
    totals(&system).await;
    disk.fill();

    let (before, error) = add_until_it_fails(&system).await;
    assert!(is_of_store(&error), "{error:?}");
    assert!(!system.is_healthy(), "told by the system's health");
    // Nothing of what was refused is seen, and what was acknowledged is read.
    let before = before.max(1);
    assert_eq!(system.actor::<Ledger>().total().await.unwrap(), before);
    for _ in 0..20 {
        assert!(is_of_store(&system.actor::<Ledger>().add(20_000).await.unwrap_err()));
    }

    disk.make_room();
    assert_eq!(system.actor::<Ledger>().add(0).await.unwrap(), before + 1, "at once");
    assert!(system.is_healthy());
    assert_eq!(totals(&system).await, (before + 1, before + 1));
    assert_eq!(system.actor::<Mirror>().wrong().await.unwrap(), 0);
    system.shutdown().await.unwrap();

    let system = builder(disk.path()).start().await.unwrap();
    assert_eq!(totals(&system).await, (before + 1, before + 1));
    system.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_system_that_starts_on_a_full_disk_says_so_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount(8 << 20) else { return };
    let system = builder(disk.path()).start().await.unwrap();
    for _ in 0..10 {
        system.actor::<Ledger>().add(20_000).await.unwrap();
    }
    totals(&system).await;
    system.shutdown().await.unwrap();
    disk.fill();

    let error = builder(disk.path()).start().await.unwrap_err();
    assert!(is_of_store(&error), "{error:?}");
    let said = format!("{error:?}");
    assert!(said.contains("full") || said.contains("No space left"), "{said}");
    disk.make_room();
    let system = builder(disk.path()).start().await.unwrap();
    assert_eq!(totals(&system).await, (10, 10));
    system.shutdown().await.unwrap();
}
