//! Encryption at rest: what is on the disk, what is noticed, and which keys open what.

mod disk;
mod keys;
mod places;

use std::path::Path;

use rusqlite::Connection;
use spawn::store::{
    ActorWrite, Answer, AnswerKey, CallId, Commit, DeadLetterId, DeadLetterSource, Encoded,
    Encrypted, EncryptionError, EventRow, Keys, NewCall, NewDeadLetter, NewEvent, Revision, Sqlite,
    Store, StoreError,
};
use spawn::{ActorId, Channel, Metadata, Position};

/// What nobody may find on the disk.
const MARKER: &str = "the-secret-of-the-shop";

fn keys(text: &str) -> Keys {
    let key = |digit: &str| digit.repeat(64);
    let entries = text.split(',').map(|entry| match entry.split_once('=') {
        Some((id, digit)) => format!("{id}:{}", key(digit)),
        None => entry.to_owned(),
    });
    entries.collect::<Vec<_>>().join(",").parse().unwrap()
}

fn store(directory: &Path, text: &str) -> Encrypted {
    Encrypted::new(Sqlite::at(directory), keys(text))
}

fn actor(text: &str) -> ActorId {
    ActorId::parse(text).unwrap()
}

fn encoded(number: u64) -> Encoded {
    let bytes = format!("{MARKER} {number}").into_bytes();
    Encoded { type_name: "test.Secret".into(), bytes: bytes.into() }
}

fn metadata() -> Metadata {
    let mut metadata = Metadata::new();
    metadata.insert("card", format!("{MARKER} in the metadata"));
    metadata
}

fn state(id: &str, expected: u64) -> ActorWrite {
    ActorWrite {
        actor: actor(id),
        expected: Revision(expected),
        state: Some(encoded(expected + 1)),
        keep: 2,
        cursor: None,
        tags: None,
    }
}

fn event(number: u64) -> NewEvent {
    let publisher = Some(actor("test/a"));
    let channel = Channel::new("test.events");
    NewEvent { channel, payload: encoded(number), publisher, metadata: metadata(), at: 7 }
}

fn call() -> NewCall {
    NewCall {
        due: 7,
        target: actor("test/b"),
        action: "go".to_owned(),
        payload: encoded(1),
        caller: Some(actor("test/a")),
        metadata: metadata(),
    }
}

fn letter(source: DeadLetterSource) -> Box<NewDeadLetter> {
    let error = format!("cannot be sent: {MARKER}");
    let subscriber = "external:mail".to_owned();
    Box::new(NewDeadLetter { subscriber, source, error, attempts: 3, at: 7 })
}

fn answer_key(key: &str) -> AnswerKey {
    AnswerKey { actor: actor("test/a"), action: "pay".to_owned(), key: key.to_owned() }
}

fn answer(key: &str) -> Box<Answer> {
    let (key, response) = (answer_key(key), encoded(1));
    Box::new(Answer { key, response, at: 7, expires: 1_000 })
}

/// Writes a row of each kind, and does not close.
fn fill(store: &dyn Store) {
    let opened = store.open("test").unwrap();
    let commit = || Commit { epoch: opened.epoch, at: 7, ..Commit::default() };
    let row = EventRow { position: Position::from_number(1), event: event(1) };
    let dead = DeadLetterSource::Event { pattern: "test.*".to_owned(), event: row };
    let commits = [
        Commit {
            actor: Some(state("test/a", 0)),
            events: vec![event(1), event(2)],
            calls: vec![call()],
            answer: Some(answer("k")),
            dead_letter: Some(letter(dead)),
            ..commit()
        },
        Commit {
            actor: Some(state("test/a", 1)),
            answer: Some(answer("l")),
            dead_letter: Some(letter(DeadLetterSource::Call(call()))),
            ..commit()
        },
        Commit { actor: Some(state("test/b", 0)), ..commit() },
    ];
    store.commit(opened.batch + 1, &commits.iter().collect::<Vec<_>>()).unwrap();
}

/// Reads everything that [`fill`] has written, and finds it as it was.
fn read(store: &dyn Store) -> Result<(), StoreError> {
    for (id, revision) in [("test/a", 2), ("test/b", 1)] {
        let found = store.load(&actor(id))?.unwrap();
        assert_eq!((found.revision.0, found.state), (revision, Some(encoded(revision))));
        for row in store.history(&actor(id))? {
            assert_eq!(row.state, encoded(row.revision.0));
        }
    }
    for row in store.read_log(Position::from_number(0), 10)? {
        assert_eq!(row.event, event(row.position.number()));
    }
    assert_eq!(store.calls(CallId(0), 10)?[0].call, call());
    assert_eq!(store.call(CallId(1))?.unwrap().call, call());
    for key in ["k", "l"] {
        assert_eq!(store.answer(&answer_key(key), 8)?, Some(encoded(1)));
    }
    let letters = store.dead_letters(DeadLetterId(0), 10)?;
    assert_eq!(letters.len(), 2);
    for row in letters {
        assert!(row.letter.error.ends_with(MARKER));
        match row.letter.source {
            DeadLetterSource::Event { event: row, .. } => assert_eq!(row.event, event(1)),
            DeadLetterSource::Call(found) => assert_eq!(found, call()),
            missed @ DeadLetterSource::Missed { .. } => panic!("{missed:?}"),
        }
    }
    Ok(())
}

/// Why nothing is decrypted; nothing else is accepted.
fn refusal(outcome: Result<(), StoreError>) -> EncryptionError {
    match outcome.unwrap_err() {
        StoreError::Encryption(error) => error,
        other => panic!("{other:?}"),
    }
}

/// Where somebody changes rows.
fn intruder(directory: &Path) -> Connection {
    let connection = Connection::open(directory.join("spawn.db")).unwrap();
    connection.execute_batch("PRAGMA synchronous = OFF").unwrap();
    connection
}
