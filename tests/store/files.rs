//! The file: whose it is, and what is refused.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use spawn::Position;
use spawn::store::{Sqlite, Store, StoreError};

use super::{chain, files, fill, filled, read_all, step};

/// Why the data is unreadable; and nothing was touched.
fn refused(directory: &Path) -> String {
    let before = files(directory);
    let error = Sqlite::at(directory).open("test").unwrap_err();
    assert_eq!(files(directory), before, "touched: {error}");
    match error {
        StoreError::Unreadable { place, why } => {
            assert!(place.ends_with("spawn.db"), "{place}");
            why
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_directory_is_made_and_left_tidy() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("deep/in/there");
    fill(&directory);
    let names: Vec<_> = files(&directory).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["spawn.db"], "a closed store has no log");
}

#[test]
fn a_newer_format_is_refused_with_what_to_do() {
    let directory = filled();
    let file = directory.path().join("spawn.db");
    Connection::open(&file).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    let why = refused(directory.path());
    assert!(why.contains("its format is 99, the newest known here is 3"), "{why}");
    assert!(why.contains("update `spawn`"), "{why}");
}

#[test]
fn a_newer_format_in_the_log_is_refused_too() {
    let source = filled();
    let connection = Connection::open(source.path().join("spawn.db")).unwrap();
    connection.execute_batch("PRAGMA user_version = 99").unwrap();
    // As a kill leaves it: the file as it was, and the change in the log alone.
    let directory = tempfile::tempdir().unwrap();
    for name in ["spawn.db", "spawn.db-wal"] {
        fs::copy(source.path().join(name), directory.path().join(name)).unwrap();
    }
    let before = files(directory.path());
    let error = Sqlite::at(directory.path()).open("test").unwrap_err();
    assert!(error.to_string().contains("its format is 99"), "{error}");
    let mut after = files(directory.path());
    after.retain(|(name, _)| name != "spawn.db-shm");
    assert_eq!(after, before);
}

#[test]
fn what_is_no_such_data_is_refused_and_left_alone() {
    let other = |text: &[u8]| {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("spawn.db"), text).unwrap();
        refused(directory.path())
    };
    assert!(other(b"").starts_with("the file is empty"));
    assert!(other(b"hello").starts_with("the file is no database"));
    assert!(other(&[0; 10_000]).starts_with("the file is no database"));

    let directory = tempfile::tempdir().unwrap();
    let connection = Connection::open(directory.path().join("spawn.db")).unwrap();
    connection.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    drop(connection);
    let why = refused(directory.path());
    assert!(why.starts_with("the file is the database of another program"), "{why}");
    assert!(why.contains("give this system another place"), "{why}");
}

#[test]
fn a_log_without_its_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("spawn.db-wal"), "something").unwrap();
    let why = refused(directory.path());
    assert!(why.starts_with("the file is gone"), "{why}");
}

#[test]
fn a_file_that_is_cut_off_is_refused() {
    let whole = filled();
    let bytes = fs::read(whole.path().join("spawn.db")).unwrap();
    for length in [1, 15, 16, 50, 99, 100, 4_095, 4_096, 4_097, bytes.len() / 2, bytes.len() - 1] {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("spawn.db"), &bytes[..length]).unwrap();
        refused(directory.path());
    }
}

/// A page in the middle that holds something else is an error of whoever reads it, or not noticed, but never a panic.
#[test]
fn garbage_in_the_file_is_an_error() {
    let whole = filled();
    let bytes = fs::read(whole.path().join("spawn.db")).unwrap();
    let mut noticed = 0;
    for page in 0..bytes.len() / 4_096 {
        for garbage in [0, 0x41, 0xff] {
            let directory = tempfile::tempdir().unwrap();
            let mut bytes = bytes.clone();
            bytes[page * 4_096 + 100 * usize::from(page == 0)..][..2_000].fill(garbage);
            fs::write(directory.path().join("spawn.db"), &bytes).unwrap();
            let store = Sqlite::at(directory.path());
            noticed += usize::from(store.open("test").and_then(|_| read_all(&store)).is_err());
        }
    }
    assert!(noticed > bytes.len() / 4_096, "{noticed}");
}

#[test]
fn a_creation_that_was_interrupted_is_begun_again() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("spawn.db.new"), "half of it").unwrap();
    fs::write(directory.path().join("spawn.db.new-journal"), "half of it").unwrap();
    let opened = fill(directory.path());
    assert_eq!(opened.batch, 0);
    assert_eq!(files(directory.path()).len(), 1);
}

#[test]
fn a_place_that_cannot_be_written_is_an_error_that_names_it() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Sqlite::at(file.join("data")).open("test").unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error:?}");
    let text = chain(&error);
    assert!(text.starts_with("making the directory ") && text.contains("file/data"), "{text}");
    // A directory in the place of a file.
    for name in ["spawn.db", "spawn.lock"] {
        let directory = parent.path().join("directory");
        fs::create_dir_all(directory.join(name)).unwrap();
        let error = Sqlite::at(&directory).open("test").unwrap_err();
        assert!(chain(&error).contains(name), "{}", chain(&error));
        fs::remove_dir_all(&directory).unwrap();
    }
}

#[test]
fn two_systems_of_one_process_have_no_place_in_common() {
    let directory = tempfile::tempdir().unwrap();
    let first = Sqlite::at(directory.path());
    first.open("one").unwrap();
    for second in [&Sqlite::at(directory.path()), &first] {
        match second.open("two").unwrap_err() {
            StoreError::InUse { place, pid } => {
                assert_eq!(pid, std::process::id());
                assert_eq!(Path::new(&place), directory.path());
            }
            other => panic!("{other:?}"),
        }
    }
    // The attempt has not harmed the one that is there.
    first.commit(1, &[]).unwrap();
    drop(first);
    assert_eq!(Sqlite::at(directory.path()).open("two").unwrap().batch, 1);
}

/// A retention that empties the log, and a start after it: the reason for counting positions apart from the rows.
#[test]
fn positions_are_counted_apart_from_the_rows() {
    let directory = filled();
    let connection = Connection::open(directory.path().join("spawn.db")).unwrap();
    for table in ["log", "calls", "dead_letters", "subscriptions", "states"] {
        connection.execute(&format!("DELETE FROM {table}"), ()).unwrap();
    }
    connection.execute("DELETE FROM actors", ()).unwrap();
    drop(connection);
    let store = Sqlite::at(directory.path());
    let opened = store.open("test").unwrap();
    assert_eq!(opened.head, Position::from_number(2));
    let verdict = store.commit(2, &[&step(opened.epoch, 0, 1)]).unwrap();
    let first = Position::from_number(3);
    assert!(
        matches!(verdict[..], [spawn::store::Verdict::Committed { first: f, .. }] if f == first)
    );
}
