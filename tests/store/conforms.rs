//! The suite that every store has to pass.

use spawn::store::{Commit, Encrypted, Keys, Memory, Sqlite, Store, Verdict};
use spawn::testing::conformance;

#[test]
fn memory_conforms() {
    conformance::check(|| {
        let memory = Memory::new();
        move || memory.clone()
    });
}

#[test]
fn sqlite_conforms() {
    conformance::check(|| {
        let directory = tempfile::tempdir().unwrap();
        move || Sqlite::at(directory.path())
    });
}

fn keys() -> Keys {
    Keys::new("new", [1; 32]).unwrap().and("old", [2; 32]).unwrap()
}

#[test]
fn an_encrypted_memory_conforms() {
    conformance::check(|| {
        let memory = Memory::new();
        move || Encrypted::new(memory.clone(), keys())
    });
}

#[test]
fn an_encrypted_sqlite_conforms() {
    conformance::check(|| {
        let directory = tempfile::tempdir().unwrap();
        move || Encrypted::new(Sqlite::at(directory.path()), keys())
    });
}

#[test]
fn a_memory_that_is_opened_again_refuses_the_first_system() {
    let first = Memory::new();
    let second = first.clone();
    let before = first.open("test").unwrap();
    let after = second.open("test").unwrap();
    let stale = Commit { epoch: before.epoch, ..Commit::default() };
    let good = Commit { epoch: after.epoch, ..Commit::default() };
    let verdict = first.commit(1, &[&stale]).unwrap();
    assert!(matches!(verdict[..], [Verdict::Stale { .. }]), "{verdict:?}");
    assert!(matches!(second.commit(1, &[&good]).unwrap()[..], [Verdict::Committed { .. }]));
    // The end of the first system is not the end of the second.
    first.close();
    first.commit(2, &[&stale]).unwrap_err();
    second.commit(2, &[&good]).unwrap();
}
