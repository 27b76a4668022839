//! A file whose rows are anything: every type in every column, also where its schema does not allow it.

use std::cell::RefCell;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;
use spawn::prelude::*;
use spawn::store::{
    ActorWrite, AnswerKey, CallId, Commit, Consumed, Cursor, DeadLetterId, DeadLetterSource,
    Encoded, Epoch, NewCall, NewDeadLetter, NewEvent, NewSubscription, Parking, Revision, Sqlite,
    Store, StoreError, SubscriptionId, TagQuery, Trim,
};
use spawn::{ActorId, Metadata, Position};
use tempfile::TempDir;

use crate::bytes::Input;

const COLUMNS: [(&str, &[&str]); 11] = [
    (
        "meta",
        &["identity", "epoch", "batch", "head", "state", "call", "dead_letter", "subscription"],
    ),
    ("actors", &["key", "revision", "position", "subscription", "recent"]),
    ("states", &["revision", "type", "state", "at"]),
    ("log", &["position", "at", "channel", "type", "payload", "publisher", "metadata"]),
    ("subscriptions", &["subscriber", "pattern", "since", "lapsed"]),
    ("cursors", &["subscriber", "position", "subscription"]),
    (
        "calls",
        &["id", "attempts", "due", "target", "action", "type", "payload", "caller", "metadata"],
    ),
    ("answers", &["actor", "action", "key", "type", "response", "at", "expires"]),
    ("parked", &["actor", "position", "subscription"]),
    (
        "dead_letters",
        &[
            "subscriber",
            "error",
            "attempts",
            "at",
            "type",
            "payload",
            "metadata",
            "pattern",
            "position",
            "channel",
            "publisher",
            "published",
            "due",
            "target",
            "action",
            "caller",
            "after",
        ],
    ),
    ("tags", &["actor", "key", "value"]),
];

/// A file with a row of each kind, and a connection that changes them.
struct File {
    directory: TempDir,
    editor: Connection,
}

thread_local! {
    static FILE: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// Each change is a column of a table, and a value. After them the file is opened, everything in it is read, and something is
/// committed: what comes of it is a result, or an error that says where.
pub fn rows(data: &[u8]) {
    FILE.with_borrow_mut(|file| file.get_or_insert_with(File::new).try_with(&mut Input::new(data)));
}

impl File {
    fn new() -> Self {
        // In memory where there is such a place: nothing of it has to last.
        let place = Path::new("/dev/shm");
        let directory = if place.is_dir() { TempDir::new_in(place) } else { TempDir::new() };
        let directory = directory.expect("a directory can be made");
        fill(directory.path());
        let editor = Connection::open(directory.path().join("spawn.db")).expect("it was made");
        // A damaged file has in its columns what their types do not allow; SQLite itself would not write that.
        editor
            .execute_batch(
                "PRAGMA synchronous = OFF;
                 PRAGMA writable_schema = ON;
                 UPDATE sqlite_schema SET sql = replace(replace(replace(replace(
                     sql, ' STRICT, ', ' '), ' STRICT', ' '), 'NOT NULL', ''), 'CHECK (id = 1)', '') WHERE type = 'table';
                 PRAGMA writable_schema = RESET;
                 ATTACH ':memory:' AS kept;",
            )
            .expect("the schema can be changed");
        for (table, _) in COLUMNS {
            let sql = format!("CREATE TABLE kept.{table} AS SELECT * FROM main.{table}");
            editor.execute_batch(&sql).expect("a table can be copied");
        }
        Self { directory, editor }
    }

    fn try_with(&self, input: &mut Input<'_>) {
        let mut changed = Vec::new();
        for _ in 0..=input.below(4) {
            let (table, columns) = COLUMNS[usize::from(input.byte()) % COLUMNS.len()];
            let column = columns[usize::from(input.byte()) % columns.len()];
            let sql = format!("UPDATE main.{table} SET {column} = ?1");
            // It may be refused: two rows may not have one key.
            let _refused = self.editor.execute(&sql, [value(input)]);
            changed.push(table);
        }
        read(self.directory.path());
        for table in changed {
            let sql = format!(
                "DELETE FROM main.{table}; INSERT INTO main.{table} SELECT * FROM kept.{table}"
            );
            self.editor.execute_batch(&sql).expect("what was there can be put back");
        }
    }
}

fn value(input: &mut Input<'_>) -> Value {
    match input.below(6) {
        0 => Value::Null,
        1 => Value::Integer(input.number()),
        2 => Value::Integer(input.byte().into()),
        3 => Value::Real(f64::from_bits(input.number().cast_unsigned())),
        4 => Value::Text(input.text()),
        _ => Value::Blob(input.bytes().to_vec()),
    }
}

/// Opens what is in the directory as a start does, reads all of it, and commits something.
fn read(directory: &Path) {
    let store = Sqlite::at(directory);
    let opened = match store.open("fuzz") {
        Ok(opened) => opened,
        Err(error) => return told(&error),
    };
    let actor = actor();
    let key = AnswerKey { actor: actor.clone(), action: "go".to_owned(), key: "1".to_owned() };
    let tagged = TagQuery {
        tags: vec![("region".to_owned(), "eu".to_owned())],
        name: None,
        untagged: vec!["fuzz".to_owned()],
        after: None,
        limit: 10,
    };
    let outcomes = [
        store.load(&actor).map(drop),
        store.history(&actor).map(drop),
        store.instances("fuzz", None, 10).map(drop),
        store.find(&tagged).map(drop),
        store.read_log(Position::default(), 10).map(drop),
        store.register(&[subscription("audit.>")]).map(drop),
        store.cursor("mail").map(drop),
        store.parked("fuzz").map(drop),
        store.answer(&key, 0).map(drop),
        store.calls(CallId(0), 10).map(drop),
        store.call(CallId(1)).map(drop),
        store.dead_letters(DeadLetterId(0), 10).map(drop),
        store.commit(opened.batch.saturating_add(1), &[&step(opened.epoch)]).map(drop),
        store.trim(&trim()).map(drop),
        store.forget_answers(0),
    ];
    outcomes.iter().filter_map(|it| it.as_ref().err()).for_each(told);
    store.close();
}

/// An error that a person can do something with: nobody else has the file, and the disk did not fail.
fn told(error: &StoreError) {
    let is_of_the_rows = matches!(error, StoreError::Failed { .. } | StoreError::Unreadable { .. });
    assert!(is_of_the_rows, "{error:?}");
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    assert!(!error.to_string().is_empty() && !cause.is_empty(), "{error:?}");
}

fn trim() -> Trim<'static> {
    let (after, up_to) = (Position::default(), Position::from_number(u64::MAX));
    Trim { after, up_to, before: 5, goes: &|_| true, limit: 10 }
}

fn actor() -> ActorId {
    ActorId::parse("fuzz/a").expect("it is well formed")
}

fn encoded() -> Encoded {
    Encoded { type_name: "fuzz.Bytes".into(), bytes: vec![7; 10].into() }
}

fn subscription(pattern: &str) -> NewSubscription {
    NewSubscription { subscriber: "mail".to_owned(), pattern: pattern.to_owned(), from_start: true }
}

fn event() -> NewEvent {
    let mut metadata = Metadata::new();
    metadata.insert("tenant", "blue");
    NewEvent {
        channel: Channel::new("fuzz.events"),
        payload: encoded(),
        publisher: Some(actor()),
        metadata,
        at: 7,
    }
}

fn call() -> NewCall {
    NewCall {
        due: 7,
        target: actor(),
        action: "go".to_owned(),
        payload: encoded(),
        caller: Some(actor()),
        metadata: event().metadata,
    }
}

fn step(epoch: Epoch) -> Commit {
    Commit { epoch, at: 9, events: vec![event()], calls: vec![call()], ..Commit::default() }
}

/// Makes data with a row of each kind.
fn fill(directory: &Path) {
    let store = Sqlite::at(directory);
    let opened = store.open("fuzz").expect("the directory is empty");
    store.register(&[subscription("fuzz.*")]).expect("it can be written");
    let cursor = Cursor { position: Position::from_number(1), subscription: SubscriptionId(1) };
    let letter = |source| {
        let (subscriber, error) = ("mail".to_owned(), "no".to_owned());
        Some(Box::new(NewDeadLetter { subscriber, source, error, attempts: 1, at: 7 }))
    };
    let row = spawn::store::EventRow { position: Position::from_number(1), event: event() };
    let pattern = "fuzz.*".to_owned();
    let tags = [("region".to_owned(), "eu".to_owned())].into_iter().collect();
    let answer = spawn::store::Answer {
        key: AnswerKey { actor: actor(), action: "go".to_owned(), key: "1".to_owned() },
        response: encoded(),
        at: 1,
        expires: 1 << 40,
    };
    let batch = [
        Commit {
            actor: Some(ActorWrite {
                actor: actor(),
                expected: Revision(0),
                state: Some(encoded()),
                keep: 2,
                cursor: Some(cursor),
                tags: Some(std::sync::Arc::new(tags)),
            }),
            consumed: Some(Consumed::Events { subscriber: "mail".to_owned(), cursor }),
            answer: Some(Box::new(answer)),
            dead_letter: letter(DeadLetterSource::Event { pattern: pattern.clone(), event: row }),
            parking: Some(Parking { actor: actor(), after: Some(cursor) }),
            ..step(opened.epoch)
        },
        Commit { dead_letter: letter(DeadLetterSource::Call(call())), ..step(opened.epoch) },
        Commit {
            dead_letter: letter(DeadLetterSource::Missed {
                pattern,
                after: Position::default(),
                up_to: Position::from_number(1),
            }),
            ..step(opened.epoch)
        },
    ];
    let verdicts = store.commit(opened.batch + 1, &batch.iter().collect::<Vec<_>>());
    assert_eq!(verdicts.expect("it can be written").len(), batch.len());
    store.close();
}
