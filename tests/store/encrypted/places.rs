//! Rows that were changed, moved, cut off: an error each time, and everything is there when they are put back.

use rusqlite::Connection;
use spawn::store::{EncryptionError, Store};

use super::super::chain;
use super::{actor, fill, intruder, read, refusal, store};

/// Each record: where its bytes are, and what it is called.
const RECORDS: [(&str, &str, &str, &str); 6] = [
    ("states", "state", "id = 2", "the state of test/a at revision 2"),
    ("log", "payload", "position = 1", "the event at position 1"),
    ("calls", "payload", "id = 1", "the call 1"),
    ("answers", "response", "key = 'k'", "the answer of `pay` of test/a to a key"),
    ("dead_letters", "payload", "id = 1", "the dead letter 1"),
    ("dead_letters", "payload", "id = 2", "the dead letter 2"),
];

fn bytes(connection: &Connection, table: &str, column: &str, row: &str) -> Vec<u8> {
    let sql = format!("SELECT {column} FROM {table} WHERE {row}");
    connection.query_row(&sql, (), |row| row.get(0)).unwrap()
}

fn put(connection: &Connection, table: &str, column: &str, row: &str, bytes: &[u8]) {
    let sql = format!("UPDATE {table} SET {column} = ?1 WHERE {row}");
    assert_eq!(connection.execute(&sql, [bytes]).unwrap(), 1);
}

#[test]
fn a_flipped_bit_in_any_byte_of_any_record_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let open = store(directory.path(), "1=a");
    fill(&open);
    let intruder = intruder(directory.path());
    for (table, column, row, name) in RECORDS {
        let whole = bytes(&intruder, table, column, row);
        // One in each byte; each bit of a record is flipped beside the code that reads it.
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            put(&intruder, table, column, row, &flipped);
            let error = refusal(read(&open));
            assert!(error.to_string().starts_with(name), "byte {at} of {table}: {error}");
        }
        put(&intruder, table, column, row, &whole);
        read(&open).unwrap();
    }
}

#[test]
fn a_record_that_is_cut_off_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let open = store(directory.path(), "1=a");
    fill(&open);
    let intruder = intruder(directory.path());
    for (table, column, row, name) in RECORDS {
        let whole = bytes(&intruder, table, column, row);
        for length in 0..whole.len() {
            put(&intruder, table, column, row, &whole[..length]);
            let error = refusal(read(&open));
            assert!(error.to_string().starts_with(name), "{length} of {table}: {error}");
        }
        put(&intruder, table, column, row, &whole);
    }
    read(&open).unwrap();
}

/// Does something to the rows, reads, and undoes it.
fn after(change: &str) -> EncryptionError {
    let directory = tempfile::tempdir().unwrap();
    let open = store(directory.path(), "1=a");
    fill(&open);
    let intruder = intruder(directory.path());
    assert!(intruder.execute(change, ()).unwrap() > 0, "{change}");
    refusal(read(&open))
}

#[test]
fn a_record_in_another_place_does_not_decrypt() {
    let other = "(SELECT state FROM states WHERE id";
    for (change, what) in [
        // The state of another actor at the same revision: both have a first one.
        (
            format!("UPDATE states SET state = {other} = 1) WHERE id = 3"),
            "the state of test/b at revision 1",
        ),
        // An older state in place of the newest.
        (
            format!("UPDATE states SET state = {other} = 1) WHERE id = 2"),
            "the state of test/a at revision 2",
        ),
        // The same, by way of the list of the actor's states.
        (
            "UPDATE actors SET recent = x'0201' WHERE key = 'test/a'".to_owned(),
            "the state of test/a at revision 2",
        ),
        ("UPDATE actors SET revision = 1 WHERE key = 'test/a'".to_owned(), "the state of test/a"),
        ("UPDATE states SET type = 'test.Public'".to_owned(), "the state of test/a at revision 2"),
        ("UPDATE log SET channel = 'test.other'".to_owned(), "the event at position 1"),
        ("UPDATE log SET publisher = NULL".to_owned(), "the event at position 1"),
        ("UPDATE log SET at = 8".to_owned(), "the event at position 1"),
        (
            "UPDATE log SET payload = (SELECT payload FROM calls) WHERE position = 2".to_owned(),
            "the event at position 2",
        ),
        ("UPDATE calls SET target = 'test/c'".to_owned(), "the call 1"),
        ("UPDATE calls SET action = 'stop'".to_owned(), "the call 1"),
        ("UPDATE calls SET caller = NULL".to_owned(), "the call 1"),
        (
            "UPDATE answers SET response = (SELECT response FROM answers WHERE key = 'k') WHERE key = 'l'"
                .to_owned(),
            "the answer of `pay` of test/a",
        ),
        ("UPDATE dead_letters SET subscriber = 'external:other'".to_owned(), "the dead letter 1"),
        ("UPDATE dead_letters SET channel = 'test.other' WHERE id = 1".to_owned(), "the dead letter 1"),
        ("UPDATE dead_letters SET target = 'test/c' WHERE id = 2".to_owned(), "the dead letter 2"),
        // A call that is made again.
        (
            "UPDATE calls SET payload = (SELECT payload FROM dead_letters WHERE id = 2)".to_owned(),
            "the call 1",
        ),
    ] {
        let error = after(&change);
        assert!(matches!(error, EncryptionError::Damaged { .. }), "{change}: {error:?}");
        assert!(error.to_string().starts_with(what), "{change}: {error}");
    }
}

#[test]
fn a_record_of_other_data_does_not_decrypt() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for directory in [&here, &there] {
        let open = store(directory.path(), "1=a");
        fill(&open);
        open.close();
    }
    let intruder = intruder(here.path());
    let path = there.path().join("spawn.db");
    intruder.execute("ATTACH ?1 AS there", [path.to_str().unwrap()]).unwrap();
    let sql =
        "UPDATE main.states SET state = (SELECT state FROM there.states WHERE id = 3) WHERE id = 3";
    intruder.execute(sql, ()).unwrap();
    drop(intruder);
    let open = store(here.path(), "1=a");
    open.open("test").unwrap();
    let error = refusal(open.load(&actor("test/b")).map(drop));
    assert!(matches!(error, EncryptionError::Damaged { .. }), "{error:?}");
    // What was left alone is readable.
    open.load(&actor("test/a")).unwrap();
}

/// A record without encryption is not smuggled in.
#[test]
fn a_plain_record_among_encrypted_ones_is_refused() {
    for change in [
        "UPDATE states SET state = x'0a0161' WHERE id = 2",
        "UPDATE states SET state = x'' WHERE id = 2",
        "UPDATE log SET payload = x'7b7d'",
    ] {
        let error = after(change);
        assert!(matches!(error, EncryptionError::Plain { .. }), "{change}: {error:?}");
    }
}

/// Two rows that trade places in a channel are both where they can be: what is not promised.
#[test]
fn an_event_is_not_bound_to_its_position() {
    let directory = tempfile::tempdir().unwrap();
    let open = store(directory.path(), "1=a");
    fill(&open);
    let intruder = intruder(directory.path());
    let sql =
        "UPDATE log SET payload = (SELECT payload FROM log WHERE position = 1) WHERE position = 2";
    intruder.execute(sql, ()).unwrap();
    let log = open.read_log(spawn::Position::from_number(0), 10).unwrap();
    assert_eq!(log[0].event, log[1].event);
}

#[test]
fn the_note_of_the_keys_is_checked_bit_by_bit() {
    let directory = tempfile::tempdir().unwrap();
    let open = store(directory.path(), "1=a");
    fill(&open);
    open.close();
    let intruder = intruder(directory.path());
    let whole = bytes(&intruder, "notes", "note", "name = 'encryption'");
    for at in 0..whole.len() * 8 {
        let mut flipped = whole.clone();
        flipped[at / 8] ^= 1 << (at % 8);
        put(&intruder, "notes", "note", "name = 'encryption'", &flipped);
        let error = open.open("test").unwrap_err();
        assert!(matches!(error, spawn::store::StoreError::Encryption(_)), "{}", chain(&error));
    }
    put(&intruder, "notes", "note", "name = 'encryption'", &whole);
    open.open("test").unwrap();
    read(&open).unwrap();
}
