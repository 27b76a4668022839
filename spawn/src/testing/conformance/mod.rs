//! What every [`Store`] has to do, as tests.
//!
//! For those who write a store of their own; the stores of this crate go through the same.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod actors;
mod commits;
mod log;
mod opening;
mod subscriptions;
mod tags;
mod waiting;

use std::panic::{self, AssertUnwindSafe};

use crate::actor::ActorId;
use crate::channel::Channel;
use crate::event::Position;
use crate::metadata::Metadata;
use crate::store::{
    ActorWrite, Answer, AnswerKey, CallId, CallRow, Commit, Cursor, DeadLetterId, DeadLetterRow,
    DeadLetterSource, Encoded, EventRow, NewCall, NewDeadLetter, NewEvent, NewSubscription, Opened,
    Revision, RevisionRow, Store, StoredActor, SubscriptionId, SubscriptionRow, Verdict,
};

/// A test, and what it says.
type Test = (&'static str, fn(&Place<'_>));

/// Runs every test against a store.
///
/// `place` makes a place without data, and what it returns makes a store on that place: again and again, each after the one before
/// was closed, and with the data that it has left.
///
/// # Panics
/// With the names of the tests that failed, after all have run.
///
/// # Examples
///
/// ```
/// use spawn::store::Memory;
/// use spawn::testing::conformance;
///
/// conformance::check(|| {
///     let memory = Memory::new();
///     move || memory.clone()
/// });
/// ```
pub fn check<S: Store, P: Fn() -> S>(place: impl Fn() -> P) {
    let tests = [
        opening::TESTS,
        commits::TESTS,
        actors::TESTS,
        log::TESTS,
        waiting::TESTS,
        subscriptions::TESTS,
        tags::TESTS,
    ];
    let fails = |(_, test): &&Test| {
        let store = place();
        let place = Place { store: &|| Box::new(store()) };
        panic::catch_unwind(AssertUnwindSafe(|| test(&place))).is_err()
    };
    let failed: Vec<_> = tests.into_iter().flatten().filter(fails).map(|(name, _)| *name).collect();
    assert!(failed.is_empty(), "the store breaks what it has to keep:\n- {}", failed.join("\n- "));
}

/// Where the stores of one test have their data.
struct Place<'p> {
    store: &'p dyn Fn() -> Box<dyn Store>,
}

impl Place<'_> {
    fn open(&self) -> Session<'_> {
        let store = (self.store)();
        let opened = store.open("conformance").unwrap();
        Session { place: self, number: opened.batch, opened, store }
    }
}

/// A store that is open, and what a system knows of it.
struct Session<'p> {
    place: &'p Place<'p>,
    store: Box<dyn Store>,
    opened: Opened,
    number: u64,
}

/// Everything that a test can have written.
#[derive(Debug, PartialEq)]
struct Contents {
    actors: Vec<(Option<StoredActor>, Vec<RevisionRow>)>,
    instances: Vec<ActorId>,
    log: Vec<EventRow>,
    subscriptions: Vec<SubscriptionRow>,
    cursors: Vec<Option<Cursor>>,
    answers: Vec<Option<Encoded>>,
    parked: Vec<(ActorId, Cursor)>,
    calls: Vec<CallRow>,
    dead_letters: Vec<DeadLetterRow>,
}

impl<'p> Session<'p> {
    fn reopen(self) -> Session<'p> {
        let place = self.place;
        self.store.close();
        drop(self);
        place.open()
    }

    fn commit(&mut self, commits: &[Commit]) -> Vec<Verdict> {
        let verdicts =
            self.store.commit(self.number + 1, &commits.iter().collect::<Vec<_>>()).unwrap();
        self.number += 1;
        assert_eq!(verdicts.len(), commits.len(), "one verdict for each commit");
        verdicts
    }

    fn one(&mut self, commit: Commit) -> Verdict {
        self.commit(&[commit]).remove(0)
    }

    /// Commits what has to take effect.
    fn good(&mut self, commit: Commit) -> (Position, CallId, DeadLetterId) {
        match self.one(commit) {
            Verdict::Committed { first, first_call, dead_letter } => {
                (first, first_call, dead_letter)
            }
            refused => panic!("{refused:?}"),
        }
    }

    /// A commit with nothing in it.
    fn empty(&self) -> Commit {
        Commit { epoch: self.opened.epoch, at: 1_000, ..Commit::default() }
    }

    fn events(&self, texts: &[&str]) -> Commit {
        Commit { events: texts.iter().map(|text| event(text)).collect(), ..self.empty() }
    }

    /// Saves a state of `actor` after the revision `expected`.
    fn state(&self, actor: &str, expected: u64, text: &str) -> Commit {
        Commit { actor: Some(write(actor, expected, text)), ..self.empty() }
    }

    fn contents(&self) -> Contents {
        let store = &self.store;
        let of_actor =
            |id: &&str| (store.load(&actor(id)).unwrap(), store.history(&actor(id)).unwrap());
        Contents {
            actors: ["shop", "user/a", "user/b"].iter().map(of_actor).collect(),
            instances: store.instances("user", None, 100).unwrap(),
            log: store.read_log(Position(0), 100).unwrap(),
            subscriptions: store.register(&[]).unwrap(),
            cursors: ["mail", "shop"].map(|name| store.cursor(name).unwrap()).into(),
            answers: ["k", "l"].map(|key| store.answer(&answer_key(key), 0).unwrap()).into(),
            parked: store.parked("user").unwrap(),
            calls: store.calls(CallId(0), 100).unwrap(),
            dead_letters: store.dead_letters(DeadLetterId(0), 100).unwrap(),
        }
    }
}

fn actor(text: &str) -> ActorId {
    ActorId::parse(text).unwrap()
}

fn encoded(text: &str) -> Encoded {
    Encoded { type_name: format!("test.{text}").into(), bytes: text.to_owned().into() }
}

fn write(actor_id: &str, expected: u64, text: &str) -> ActorWrite {
    ActorWrite {
        actor: actor(actor_id),
        expected: Revision(expected),
        state: Some(encoded(text)),
        keep: 2,
        cursor: None,
        tags: None,
    }
}

fn cursor(position: u64, subscription: u64) -> Cursor {
    Cursor { position: Position(position), subscription: SubscriptionId(subscription) }
}

fn metadata() -> Metadata {
    let mut metadata = Metadata::new();
    metadata.insert("tenant", "ü");
    metadata.insert("", "");
    metadata
}

/// With or without what an event need not have, as the length of the text decides.
fn event(text: &str) -> NewEvent {
    let full = text.len().is_multiple_of(2);
    NewEvent {
        channel: Channel::new("test.events"),
        payload: encoded(text),
        publisher: full.then(|| actor("user/a")),
        metadata: if full { metadata() } else { Metadata::new() },
        at: 500,
    }
}

fn call(text: &str) -> NewCall {
    NewCall {
        due: 7_000,
        target: actor("user/b"),
        action: "greet".to_owned(),
        payload: encoded(text),
        caller: text.len().is_multiple_of(2).then(|| actor("shop")),
        metadata: metadata(),
    }
}

fn letter(source: DeadLetterSource) -> Box<NewDeadLetter> {
    Box::new(NewDeadLetter {
        subscriber: "external:mail".to_owned(),
        source,
        error: "no: such\nhost".to_owned(),
        attempts: 10,
        at: 900,
    })
}

fn dead_event(text: &str) -> Box<NewDeadLetter> {
    let event = EventRow { position: Position(3), event: event(text) };
    letter(DeadLetterSource::Event { pattern: "test.*".to_owned(), event })
}

fn answer_key(key: &str) -> AnswerKey {
    AnswerKey { actor: actor("user/a"), action: "pay".to_owned(), key: key.to_owned() }
}

fn answer(key: &str, text: &str, at: u64) -> Box<Answer> {
    Box::new(Answer { key: answer_key(key), response: encoded(text), at, expires: at + 100 })
}

fn subscription(subscriber: &str, pattern: &str, from_start: bool) -> NewSubscription {
    NewSubscription { subscriber: subscriber.to_owned(), pattern: pattern.to_owned(), from_start }
}
