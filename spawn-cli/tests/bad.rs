//! Directories that are none, and commands that make no sense.

use std::fs;
use std::path::Path;

use crate::kit::{cli, filled};

/// What is said of a directory, by every command in the same words; and nothing is left there.
fn refused(directory: &Path) -> String {
    let names = || {
        let mut names: Vec<_> = directory
            .read_dir()
            .map(|all| all.map(|it| it.unwrap().file_name()).collect())
            .unwrap_or_default();
        names.sort();
        names
    };
    let before: Vec<_> = names();
    let first = cli(directory, &["actors"]);
    for arguments in
        [&["check"][..], &["replay", "1"], &["discard", "1"], &["backup", "/nowhere/at/all"]]
    {
        let said = cli(directory, arguments);
        assert_eq!((said.status, &said.err), (1, &first.err), "{arguments:?}");
        assert_eq!(said.out, "");
    }
    assert_eq!((first.status, first.out.as_str()), (1, ""));
    assert_eq!(names(), before);
    first.err
}

#[tokio::test]
async fn what_is_no_data_is_told_apart() {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path();
    assert!(refused(&place.join("nowhere")).contains("there is no such directory"));
    assert!(refused(place).contains("there is no spawn.db in it"));
    let file = place.join("file");
    fs::write(&file, "hello").unwrap();
    assert!(refused(&file).contains("it is no directory"));

    let other = |bytes: &[u8]| {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("spawn.db"), bytes).unwrap();
        refused(directory.path())
    };
    assert!(other(b"").contains("the file is the database of another program, or empty"));
    assert!(other(b"hello").contains("the file is no database"));
    assert!(other(&[0x5a; 10_000]).contains("the file is no database"));

    let directory = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(directory.path().join("spawn.db")).unwrap();
    connection.execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    drop(connection);
    assert!(refused(directory.path()).contains("the file is the database of another program"));
}

#[tokio::test]
async fn the_directory_above_names_the_ones_below() {
    let above = tempfile::tempdir().unwrap();
    let data = filled().await;
    fs::create_dir(above.path().join("shop")).unwrap();
    fs::copy(data.path().join("spawn.db"), above.path().join("shop/spawn.db")).unwrap();
    let said = refused(above.path());
    let hint = format!("did you mean {}", above.path().join("shop").display());
    assert!(said.contains(&hint), "{said}");
}

#[tokio::test]
async fn another_version_is_not_touched() {
    let data = filled().await;
    let file = data.path().join("spawn.db");
    let set = |version: u32| {
        let connection = rusqlite::Connection::open(&file).unwrap();
        connection.pragma_update(None, "user_version", version).unwrap();
        drop(connection);
        let said = cli(data.path(), &["actors"]);
        assert_eq!(said.status, 1);
        said.err
    };
    assert!(set(99).contains("its format is 99"));
    assert!(set(1).contains("start the system once"), "it is brought up to date by that");
}

#[tokio::test]
async fn what_is_not_there_and_what_makes_no_sense() {
    let data = filled().await;
    for (arguments, status, told) in [
        (&["state", "nobody"][..], 1, "no state was saved of nobody"),
        (&["state", "cart"], 1, "it has instances"),
        (&["state", "cart", "nobody"], 1, "no state was saved of cart/nobody"),
        (&["state", "cart", "ann", "--revision", "9"], 1, "these are: 1, 2"),
        (&["history", "ledger"], 1, "no state was saved of ledger"),
        (&["state", "a b"], 1, "the actor name \"a b\""),
        (&["log", "order..placed"], 1, "order..placed"),
        (&["schedules", "--after", "x"], 1, "--after is a whole number"),
        (&["replay", "99"], 1, "there is no dead letter 99"),
        (&["replay", "18446744073709551615"], 1, "there is no dead letter"),
        (&["replay", "0"], 1, "there is no dead letter 0"),
        (&["replay", "x"], 2, "invalid value 'x'"),
        (&["replay"], 2, "required"),
        (&["actorz"], 2, "'actors'"),
        (&[], 2, "Usage"),
    ] {
        let said = cli(data.path(), arguments);
        assert_eq!(said.status, status, "{arguments:?}: {said:?}");
        assert!(said.err.contains(told), "{arguments:?}: {said:?}");
    }
    let help = cli(data.path(), &["--help"]);
    assert!(help.status == 0 && help.out.contains("dead-letters"), "{help:?}");
}
