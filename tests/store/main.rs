//! The stores: what every one has to do, and what a file is for.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod conforms;
mod damage;
mod encrypted;
mod files;
mod process;

use std::fs;
use std::path::Path;

use spawn::store::{
    ActorWrite, CallId, Commit, Consumed, Cursor, DeadLetterId, DeadLetterSource, Encoded, Epoch,
    EventRow, NewCall, NewDeadLetter, NewEvent, NewSubscription, Opened, Revision, Sqlite, Store,
    SubscriptionId, Verdict,
};
use spawn::{ActorId, Channel, Metadata, Position};
use tempfile::TempDir;

fn encoded(length: usize) -> Encoded {
    Encoded { type_name: "test.Bytes".into(), bytes: vec![b'x'; length].into() }
}

/// Saves the state of `test/a` after `expected`, and announces it.
fn step(epoch: Epoch, expected: u64, length: usize) -> Commit {
    let actor = ActorId::parse("test/a").unwrap();
    Commit {
        epoch,
        actor: Some(ActorWrite {
            actor: actor.clone(),
            expected: Revision(expected),
            state: Some(encoded(length)),
            keep: 2,
            cursor: Some(Cursor { position: Position::from_number(expected), ..Cursor::default() }),
            tags: None,
        }),
        events: vec![event(&actor)],
        ..Commit::default()
    }
}

fn event(actor: &ActorId) -> NewEvent {
    let mut metadata = Metadata::new();
    metadata.insert("tenant", "blue");
    NewEvent {
        channel: Channel::new("test.events"),
        payload: encoded(10),
        publisher: Some(actor.clone()),
        metadata,
        at: 7,
    }
}

/// Makes data with a row of each kind, and closes it.
fn fill(directory: &Path) -> Opened {
    let store = Sqlite::at(directory);
    let opened = store.open("test").unwrap();
    let actor = ActorId::parse("test/a").unwrap();
    let call = || NewCall {
        due: 7,
        target: actor.clone(),
        action: "go".to_owned(),
        payload: encoded(3),
        caller: Some(actor.clone()),
        metadata: Metadata::new(),
    };
    let letter = |source| {
        let (subscriber, error) = ("mail".to_owned(), "no".to_owned());
        Some(Box::new(NewDeadLetter { subscriber, source, error, attempts: 1, at: 7 }))
    };
    let row = EventRow { position: Position::from_number(1), event: event(&actor) };
    let lost = DeadLetterSource::Event { pattern: "test.*".to_owned(), event: row };
    let cursor = Cursor { position: Position::from_number(1), subscription: SubscriptionId(1) };
    let batch = [
        Commit {
            calls: vec![call()],
            dead_letter: letter(lost),
            consumed: Some(Consumed::Events { subscriber: "mail".to_owned(), cursor }),
            ..step(opened.epoch, 0, 100)
        },
        Commit {
            dead_letter: letter(DeadLetterSource::Call(call())),
            ..step(opened.epoch, 1, 100)
        },
    ];
    let verdicts = store.commit(1, &batch.iter().collect::<Vec<_>>()).unwrap();
    assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Committed { .. })));
    let subscriber = "mail".to_owned();
    let new = NewSubscription { subscriber, pattern: "test.*".to_owned(), from_start: true };
    store.register(&[new]).unwrap();
    store.close();
    opened
}

/// Data with a row of each kind.
fn filled() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    fill(directory.path());
    directory
}

/// The names of the files in a directory, and what is in each.
fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let read = |entry: Result<fs::DirEntry, _>| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())
    };
    let mut files: Vec<_> = fs::read_dir(directory).unwrap().map(read).collect();
    files.retain(|(name, _)| name != "spawn.lock");
    files.sort();
    files
}

/// Everything that can be read; the first error if there is one.
fn read_all(store: &Sqlite) -> Result<(), spawn::store::StoreError> {
    store.load(&ActorId::parse("test/a").unwrap())?;
    store.history(&ActorId::parse("test/a").unwrap())?;
    store.instances("test", None, 10)?;
    store.read_log(Position::default(), 10)?;
    store.register(&[])?;
    store.cursor("mail")?;
    store.calls(CallId(0), 10)?;
    store.call(CallId(1))?;
    store.dead_letters(DeadLetterId(0), 10)?;
    Ok(())
}

/// An error and its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}
