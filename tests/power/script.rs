//! Something of everything that is done to a store, with a record of what it said to it.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use spawn::store::{
    ActorWrite, Answer, AnswerKey, CallId, CallRow, Commit, Consumed, Cursor, DeadLetterId,
    DeadLetterRow, DeadLetterSource, Encoded, EventRow, Memory, NewCall, NewDeadLetter, NewEvent,
    NewSubscription, Parking, Revision, RevisionRow, Sqlite, Store, StoreError, StoredActor,
    SubscriptionId, Trim,
};
use spawn::{ActorId, Channel, Metadata, Position};
use spawn_tests::Random;

use crate::disk::{Disk, recorder};

const ACTORS: [&str; 4] = ["test/a", "test/b", "test/c", "test/d"];

/// What goes wrong meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) syncs_fail: bool,
    pub(crate) writes_fail: bool,
}

/// What was done, when, and what was there after each batch.
pub(crate) struct History {
    pub(crate) disk: Disk,
    pub(crate) attempts: Vec<Attempt>,
    /// When it was begun to take events up to a position out of the log.
    trims: Vec<(usize, Position)>,
    /// How many subscriptions were known to be there, and when.
    subscriptions: Vec<(usize, usize)>,
    pub(crate) unknown: u32,
    pub(crate) failed: u32,
}

/// A batch that was tried.
pub(crate) struct Attempt {
    number: u64,
    begun: usize,
    /// When it was said that it took effect; `None` if it was said that it did not.
    acknowledged: Option<usize>,
    /// What is there if it took effect, where that is known.
    contents: Option<Arc<Contents>>,
}

/// Everything that can be read.
#[derive(Debug, PartialEq)]
pub(crate) struct Contents {
    actors: Vec<(Option<StoredActor>, Vec<RevisionRow>)>,
    log: Vec<EventRow>,
    cursor: Option<Cursor>,
    calls: Vec<CallRow>,
    dead_letters: Vec<DeadLetterRow>,
    answers: Vec<Option<Encoded>>,
    parked: Vec<(ActorId, Cursor)>,
}

fn actor(name: &str) -> ActorId {
    ActorId::parse(name).unwrap()
}

fn key(number: u64) -> AnswerKey {
    AnswerKey { actor: actor("test/a"), action: "do".to_owned(), key: number.to_string() }
}

fn contents(store: &dyn Store, last: u64) -> Result<Contents, StoreError> {
    let of = |name: &&str| Ok((store.load(&actor(name))?, store.history(&actor(name))?));
    Ok(Contents {
        actors: ACTORS.iter().map(of).collect::<Result<_, StoreError>>()?,
        log: store.read_log(Position::default(), 100_000)?,
        cursor: store.cursor("mail")?,
        calls: store.calls(CallId(0), 100_000)?,
        dead_letters: store.dead_letters(DeadLetterId(0), 100_000)?,
        answers: (1..=last).map(|it| store.answer(&key(it), 0)).collect::<Result<_, _>>()?,
        parked: store.parked("test")?,
    })
}

/// A batch of a few commits.
fn batch(number: u64, model: &Memory, random: &mut Random) -> Vec<Commit> {
    let encoded = |random: &mut Random| {
        let length = usize::try_from(random.below(6_000)).unwrap();
        Encoded {
            type_name: "test.Bytes".into(),
            bytes: vec![number.to_le_bytes()[0]; length].into(),
        }
    };
    let event = |random: &mut Random| NewEvent {
        channel: Channel::new("test.events"),
        payload: encoded(random),
        publisher: Some(actor("test/a")),
        metadata: Metadata::new(),
        at: number,
    };
    let call = |random: &mut Random| NewCall {
        due: 7,
        target: actor("test/b"),
        action: "go".to_owned(),
        payload: encoded(random),
        caller: None,
        metadata: Metadata::new(),
    };
    let place = Cursor { position: Position::from_number(number), subscription: SubscriptionId(1) };
    let mut commits: Vec<_> = ACTORS
        .iter()
        .take(usize::try_from(1 + random.below(4)).unwrap())
        .map(|name| {
            let expected = model.load(&actor(name)).unwrap().map_or(Revision(0), |it| it.revision);
            let write = ActorWrite {
                actor: actor(name),
                expected,
                state: Some(encoded(random)),
                keep: 3,
                cursor: Some(place),
                tags: None,
            };
            Commit { actor: Some(write), events: vec![event(random)], ..Commit::default() }
        })
        .collect();
    let mut more = Commit { calls: vec![call(random)], ..Commit::default() };
    let waiting = model.calls(CallId(0), 100).unwrap();
    more.consumed = if waiting.len() > 5 {
        Some(Consumed::Call(waiting[0].id))
    } else {
        Some(Consumed::Events { subscriber: "mail".to_owned(), cursor: place })
    };
    let answer = Answer { key: key(number), response: encoded(random), at: 1, expires: 1_000_000 };
    more.answer = Some(Box::new(answer));
    if random.below(3) == 0 {
        let row = EventRow { position: Position::from_number(1), event: event(random) };
        let source = DeadLetterSource::Event { pattern: "test.*".to_owned(), event: row };
        let (subscriber, error) = ("mail".to_owned(), "no".to_owned());
        let letter = NewDeadLetter { subscriber, source, error, attempts: 1, at: 7 };
        more.dead_letter = Some(Box::new(letter));
        let after = (random.below(2) == 0).then_some(place);
        more.parking = Some(Parking { actor: actor("test/c"), after });
    }
    commits.push(more);
    commits
}

/// Plays so many batches in `directory`.
pub(crate) fn play(
    directory: &Path,
    batches: u64,
    trouble: Trouble,
    random: &mut Random,
) -> History {
    // What was there before is on the disk.
    let store = Sqlite::at(directory);
    store.open("test").unwrap();
    store.close();
    let mut history = History {
        disk: Disk::of(directory),
        attempts: Vec::new(),
        trims: Vec::new(),
        subscriptions: Vec::new(),
        unknown: 0,
        failed: 0,
    };
    let model = Memory::new();
    let model_epoch = model.open("test").unwrap().epoch;
    let mut store = Sqlite::at(directory);
    let mut opened = store.open("test").unwrap();
    let mut number = 0;
    while number < batches {
        match random.below(12) {
            0 => {
                store.close();
                store = Sqlite::at(directory);
                opened = store.open("test").unwrap();
                assert_eq!(opened.batch, number);
            }
            1 => checkpoint(directory),
            2 => {
                let up_to = Position::from_number(random.below(number + 1));
                history.trims.push((recorder().now(), up_to));
                let all = Trim {
                    after: Position::default(),
                    up_to,
                    before: u64::MAX,
                    goes: &|_| true,
                    limit: 100,
                };
                store.trim(&all).unwrap();
            }
            3 => {
                let (subscriber, pattern) = ("mail".to_owned(), format!("test.{number}"));
                let new = NewSubscription { subscriber, pattern, from_start: false };
                let known = store.register(&[new]).unwrap().len();
                history.subscriptions.push((recorder().now(), known));
            }
            4 if trouble.syncs_fail => {
                recorder().fail_syncs(u32::try_from(1 + random.below(3)).unwrap());
            }
            5 if trouble.writes_fail => {
                let after = u32::try_from(random.below(20)).unwrap();
                recorder().fail_writes(after, u32::try_from(1 + random.below(4)).unwrap());
            }
            _ => {}
        }
        let commits = batch(number + 1, &model, random);
        let with = |epoch| commits.iter().map(move |it| Commit { epoch, ..it.clone() }).collect();
        let (ours, models): (Vec<_>, Vec<_>) = (with(opened.epoch), with(model_epoch));
        let begun = recorder().now();
        let takes_effect = match store.commit(number + 1, &ours.iter().collect::<Vec<_>>()) {
            Ok(_) => true,
            Err(StoreError::Unknown { .. }) => {
                history.unknown += 1;
                recover(&store) == number + 1
            }
            Err(StoreError::Failed { .. }) => {
                history.failed += 1;
                false
            }
            Err(error) => panic!("{error:?}"),
        };
        let acknowledged = takes_effect.then(|| recorder().now());
        let contents = takes_effect.then(|| {
            let verdicts = model.commit(number + 1, &models.iter().collect::<Vec<_>>()).unwrap();
            assert_eq!(verdicts.len(), ours.len());
            Arc::new(contents(&model, number + 1).unwrap())
        });
        history.attempts.push(Attempt { number: number + 1, begun, acknowledged, contents });
        number += u64::from(takes_effect);
        // For upkeep, which has no outcome to wait for here.
        recorder().fail_syncs(0);
        recorder().fail_writes(u32::MAX, 0);
    }
    store.close();
    history
}

/// The number of the last batch, as soon as the store can be opened.
fn recover(store: &Sqlite) -> u64 {
    for _ in 0..20 {
        if let Ok(opened) = store.recover() {
            return opened.batch;
        }
    }
    panic!("the store cannot be opened again");
}

/// What a busy store does now and then.
fn checkpoint(directory: &Path) {
    let connection = Connection::open(directory.join("spawn.db")).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(())).unwrap();
}

impl History {
    /// What is wrong with what is in `image`, where the power was lost when so much was done.
    pub(crate) fn check(&self, at: usize, image: &Path) -> Result<(), String> {
        let acknowledged =
            self.attempts.iter().filter(|it| it.acknowledged.is_some_and(|it| it <= at));
        let last = acknowledged.map(|it| it.number).max().unwrap_or(0);
        let store = Sqlite::at(image);
        let opened =
            store.open("test").map_err(|error| format!("it cannot be opened: {error:?}"))?;
        let found = opened.batch;
        if found < last {
            return Err(format!(
                "batch {last} was acknowledged, {found} is the last that is there"
            ));
        }
        let candidates: Vec<_> =
            self.attempts.iter().filter(|it| it.number == found && it.begun <= at).collect();
        if found > 0 && candidates.is_empty() {
            return Err(format!("batch {found} was never begun"));
        }
        let trimmed = self.trims.iter().filter(|(begun, _)| *begun <= at).map(|(_, up_to)| *up_to);
        let trimmed = trimmed.max().unwrap_or_default();
        let actual =
            contents(&store, found).map_err(|error| format!("it cannot be read: {error:?}"))?;
        let same = |attempt: &&Attempt| {
            let Some(expected) = &attempt.contents else { return true };
            let log = |it: &Contents| {
                let rows = it.log.iter().filter(|row| row.position > trimmed);
                rows.cloned().collect::<Vec<_>>()
            };
            log(expected) == log(&actual)
                && expected.actors == actual.actors
                && expected.cursor == actual.cursor
                && expected.calls == actual.calls
                && expected.dead_letters == actual.dead_letters
                && expected.answers == actual.answers
                && expected.parked == actual.parked
        };
        if found > 0 && !candidates.iter().any(same) {
            return Err(format!("the contents are not those of batch {found}"));
        }
        let known =
            self.subscriptions.iter().filter(|(when, _)| *when <= at).map(|(_, count)| count);
        let subscriptions = store.register(&[]).map_err(|error| error.to_string())?.len();
        if subscriptions < known.max().copied().unwrap_or(0) {
            return Err(format!("{subscriptions} subscriptions are left"));
        }
        store.close();
        let connection =
            Connection::open(image.join("spawn.db")).map_err(|error| error.to_string())?;
        let sound: String = connection
            .query_row("PRAGMA integrity_check", (), |row| row.get(0))
            .map_err(|error| error.to_string())?;
        if sound == "ok" { Ok(()) } else { Err(sound) }
    }
}
