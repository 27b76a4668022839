//! What needs a look inside.

use std::path::Path;
use std::sync::{Arc, Barrier};
use std::thread;

use rusqlite::Connection;

use super::{READERS, Sqlite, Writer};
use crate::actor::ActorId;
use crate::channel::Channel;
use crate::error::BoxError;
use crate::event::Position;
use crate::metadata::Metadata;
use crate::store::{
    ActorWrite, Commit, Encoded, Epoch, NewEvent, Revision, Store, StoreError, TagQuery, Verdict,
};
use crate::tags::Tags;

fn large(epoch: Epoch) -> Commit {
    let payload = Encoded { type_name: "test.Large".into(), bytes: vec![7; 50_000].into() };
    let channel = Channel::new("test");
    let event = NewEvent { channel, payload, publisher: None, metadata: Metadata::new(), at: 1 };
    Commit { epoch, events: vec![event], ..Commit::default() }
}

/// A file that may not grow stands for a disk that is full; SQLite says the same of both.
#[test]
fn a_full_disk_fails_a_batch_and_no_more() {
    let directory = tempfile::tempdir().unwrap();
    let store = Sqlite::at(directory.path());
    let epoch = store.open("test").unwrap().epoch;
    let pages = |count: u32| {
        let pragma = format!("PRAGMA max_page_count = {count}");
        let set = |writer: &mut Writer| {
            writer.connection.execute_batch(&pragma).map_err(|e| StoreError::failed("limiting", e))
        };
        store.writing("limiting", set).unwrap();
    };
    pages(100);
    let mut number = 0;
    let error = loop {
        match store.commit(number + 1, &[&large(epoch)]) {
            Ok(_) => number += 1,
            Err(error) => break error,
        }
    };
    assert!((1..100).contains(&number), "{number}");
    assert!(
        matches!(&error, StoreError::Failed { cause, .. } if cause.to_string().contains("full")),
        "{error:?}"
    );
    let count = || store.read_log(Position(0), 1_000).unwrap().len() as u64;
    assert_eq!(count(), number);
    store.commit(number + 1, &[&large(epoch)]).unwrap_err();
    // What needs no room goes on, and everything does when there is room again.
    store.commit(number + 1, &[]).unwrap();
    pages(10_000);
    store.commit(number + 2, &[&large(epoch)]).unwrap();
    assert_eq!(count(), number + 1);
    store.close();
    assert_eq!(store.open("test").unwrap().batch, number + 2);
}

#[test]
fn a_reader_that_failed_is_not_used_again() {
    let directory = tempfile::tempdir().unwrap();
    let store = Sqlite::at(directory.path());
    store.open("test").unwrap();
    let idle = || store.open.read().as_ref().unwrap().readers.lock().len();
    store.cursor("x").unwrap();
    assert_eq!(idle(), 1);
    let fail = |_: &Connection| Err::<(), BoxError>("no".into());
    store.reading("failing", fail).unwrap_err();
    assert_eq!(idle(), 0);
    // As many as are needed at once, of which few are kept.
    let barrier = Barrier::new(9);
    let wait = |_: &Connection| {
        barrier.wait();
        Ok(())
    };
    thread::scope(|scope| {
        for _ in 0..9 {
            scope.spawn(|| store.reading("waiting", wait).unwrap());
        }
    });
    assert_eq!(idle(), READERS);
}

#[test]
fn a_store_without_a_place_is_under_the_name_of_its_system() {
    assert_eq!(Sqlite::new().directory("shop"), Path::new("spawn-data/shop"));
    assert_eq!(Sqlite::at("data").directory("shop"), Path::new("data"));
}

fn step(epoch: Epoch, actor: &str, expected: u64) -> Commit {
    let state = Encoded { type_name: "test.State".into(), bytes: vec![7; 10].into() };
    let actor = ActorWrite {
        actor: ActorId::parse(actor).unwrap(),
        expected: Revision(expected),
        state: Some(state),
        keep: 3,
        cursor: None,
        tags: None,
    };
    Commit { epoch, actor: Some(actor), ..Commit::default() }
}

#[test]
fn what_a_failed_batch_wrote_of_an_actor_is_not_believed() {
    let directory = tempfile::tempdir().unwrap();
    let store = Sqlite::at(directory.path());
    let epoch = store.open("test").unwrap().epoch;
    store.commit(1, &[&step(epoch, "a", 0)]).unwrap();
    let set = |writer: &mut Writer| {
        let limit = "PRAGMA max_page_count = 30";
        writer.connection.execute_batch(limit).map_err(|e| StoreError::failed("limiting", e))
    };
    store.writing("limiting", set).unwrap();
    let (next, large) = (step(epoch, "a", 1), large(epoch));
    store.commit(2, &[&next, &large, &large, &large]).unwrap_err();
    let verdicts = store.commit(2, &[&step(epoch, "a", 2), &next]).unwrap();
    assert_eq!(verdicts[0], Verdict::Stale { found: Revision(1) });
    assert!(matches!(verdicts[1], Verdict::Committed { .. }));
}

#[test]
fn a_row_that_someone_else_has_changed_is_looked_up_again() {
    let directory = tempfile::tempdir().unwrap();
    let store = Sqlite::at(directory.path());
    let epoch = store.open("test").unwrap().epoch;
    store.commit(1, &[&step(epoch, "a", 0)]).unwrap();
    let other = Connection::open(directory.path().join("spawn.db")).unwrap();
    other.execute("UPDATE actors SET revision = 5", ()).unwrap();
    let verdicts = store.commit(2, &[&step(epoch, "a", 1)]).unwrap();
    assert_eq!(verdicts, [Verdict::Stale { found: Revision(5) }]);
}

/// As a program would have left it that knew the first step only.
#[test]
fn a_file_of_the_first_version_is_brought_up_to_date() {
    let directory = tempfile::tempdir().unwrap();
    let store = Sqlite::at(directory.path());
    let epoch = store.open("test").unwrap().epoch;
    store.commit(1, &[&step(epoch, "a/1", 0)]).unwrap();
    store.close();
    let old = Connection::open(directory.path().join("spawn.db")).unwrap();
    old.execute_batch("DROP TABLE tags; DROP TABLE notes; PRAGMA user_version = 1").unwrap();
    old.close().unwrap();
    let epoch = store.open("test").unwrap().epoch;
    let stored = store.load(&ActorId::parse("a/1").unwrap()).unwrap().unwrap();
    assert_eq!((stored.revision, stored.tags), (Revision(1), None));
    let tags = Tags::from([("k".to_owned(), "v".to_owned())]);
    let mut next = step(epoch, "a/1", 1);
    next.actor.as_mut().unwrap().tags = Some(Arc::new(tags));
    store.commit(2, &[&next]).unwrap();
    let query = TagQuery { tags: vec![("k".into(), "v".into())], limit: 9, ..TagQuery::default() };
    assert_eq!(store.find(&query).unwrap(), [ActorId::parse("a/1").unwrap()]);
}

#[test]
fn more_actors_than_are_known_are_still_found() {
    let directory = tempfile::tempdir().unwrap();
    let store = Sqlite::at(directory.path());
    let epoch = store.open("test").unwrap().epoch;
    for round in 0..3 {
        let commits: Vec<_> = (0..20_000).map(|n| step(epoch, &format!("a/{n}"), round)).collect();
        let verdicts = store.commit(round + 1, &commits.iter().collect::<Vec<_>>()).unwrap();
        assert!(verdicts.iter().all(|verdict| matches!(verdict, Verdict::Committed { .. })));
    }
    let history = store.history(&ActorId::parse("a/7").unwrap()).unwrap();
    assert_eq!(history.len(), 3);
}
