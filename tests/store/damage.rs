//! Rows that cannot be: an error that says which, and never a panic.

use rusqlite::Connection;
use spawn::store::{Sqlite, Store, StoreError};

use super::{chain, filled, read_all, step};

/// What is read after a change, as the chain of an error; empty if nothing was wrong.
fn after(change: &str) -> String {
    let directory = filled();
    let connection = Connection::open(directory.path().join("spawn.db")).unwrap();
    assert!(connection.execute(change, ()).unwrap() > 0, "{change}");
    drop(connection);
    let store = Sqlite::at(directory.path());
    match store.open("test").and_then(|_| read_all(&store)) {
        Ok(()) => String::new(),
        Err(error) => {
            assert!(matches!(error, StoreError::Failed { .. }), "{change}: {error:?}");
            chain(&error)
        }
    }
}

#[test]
fn a_damaged_row_is_named() {
    for (change, named) in [
        (
            "UPDATE log SET channel = 'a..b' WHERE position = 2",
            "the event at position 2 is damaged: channel: ",
        ),
        (
            "UPDATE log SET publisher = 'no name/' WHERE position = 1",
            "the event at position 1 is damaged: publisher: ",
        ),
        (
            "UPDATE log SET metadata = x'05'",
            "the event at position 1 is damaged: metadata: a text is cut off",
        ),
        (
            "UPDATE log SET metadata = x'ffffffffffffffffffff7f'",
            "the event at position 1 is damaged: metadata: ",
        ),
        ("UPDATE log SET metadata = x'01ff00'", "the event at position 1 is damaged: metadata: "),
        (
            "UPDATE log SET at = -1",
            "the event at position 1 is damaged: at: the number -1 cannot be",
        ),
        ("UPDATE log SET type = CAST(x'ff' AS TEXT)", "the event at position 1 is damaged: type: "),
        (
            "UPDATE actors SET revision = -3",
            "the actor test/a is damaged: revision: the number -3 cannot be",
        ),
        ("UPDATE actors SET recent = x'80'", "the actor test/a is damaged: recent: "),
        ("UPDATE actors SET position = NULL", "the actor test/a is damaged: half a cursor"),
        ("DELETE FROM states", "the actor test/a is damaged: the state 2 is missing"),
        ("UPDATE states SET at = -1", "the actor test/a is damaged: at: "),
        ("UPDATE calls SET due = -1", "the call 1 is damaged: due: "),
        ("UPDATE calls SET attempts = 4294967296", "the call 1 is damaged: attempts: "),
        ("UPDATE calls SET target = ''", "the call 1 is damaged: target: "),
        ("UPDATE cursors SET position = -1", "the cursor of mail is damaged: position: "),
        (
            "UPDATE dead_letters SET channel = NULL WHERE position IS NOT NULL",
            "the dead letter 1 is damaged: channel: ",
        ),
        (
            "UPDATE dead_letters SET target = NULL WHERE position IS NULL",
            "the dead letter 2 is damaged: target: ",
        ),
        ("UPDATE dead_letters SET attempts = -1", "the dead letter 1 is damaged: attempts: "),
        ("UPDATE subscriptions SET since = -1", "the subscription 1 is damaged: since: "),
        (
            "UPDATE meta SET epoch = -5",
            "the table `meta` is damaged: epoch: the number -5 cannot be",
        ),
        ("DELETE FROM meta", "the table `meta` is empty"),
    ] {
        let found = after(change);
        assert!(found.contains(named), "{change}: {found:?}");
    }
    assert_eq!(after("UPDATE log SET at = 8"), "");
}

#[test]
fn a_damaged_actor_fails_its_batch_and_not_the_next() {
    let directory = filled();
    let connection = Connection::open(directory.path().join("spawn.db")).unwrap();
    connection.execute("UPDATE actors SET recent = x'80'", ()).unwrap();
    drop(connection);
    let store = Sqlite::at(directory.path());
    let epoch = store.open("test").unwrap().epoch;
    let error = store.commit(2, &[&step(epoch, 2, 1)]).unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error:?}");
    let text = chain(&error);
    assert!(text.starts_with("committing failed: the actor test/a is damaged: recent: "), "{text}");
    store.commit(2, &[]).unwrap();
}
