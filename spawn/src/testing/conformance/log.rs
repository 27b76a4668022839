//! Events.

use super::{Place, Session, Test, answer, answer_key, event, subscription};
use crate::channel::Channel;
use crate::event::Position;
use crate::store::{Commit, SubscriptionId, Trim, Trimmed};

pub(super) const TESTS: &[Test] = &[
    ("positions follow the commits and the events in each", positions_follow_the_commits),
    ("the log is read page by page", the_log_is_read_page_by_page),
    ("trimming forgets the oldest events", trimming_forgets_the_oldest_events),
    ("trimming stops at what is too new or not read yet", trimming_stops),
    ("positions go on after the log was emptied", positions_go_on_after_the_log_was_emptied),
    ("trimming takes some channels and leaves others", trimming_takes_some_channels),
    ("expired answers are forgotten", expired_answers_are_forgotten),
];

fn positions(session: &Session<'_>) -> Vec<u64> {
    let rows = session.store.read_log(Position(0), usize::MAX).unwrap();
    rows.into_iter().map(|row| row.position.0).collect()
}

fn append(session: &mut Session<'_>, times: &[u64]) {
    let events = times.iter().map(|at| super::NewEvent { at: *at, ..event("e") }).collect();
    session.good(Commit { events, ..session.empty() });
}

/// Takes all channels.
fn trim(session: &Session<'_>, (after, up_to): (u64, u64), before: u64, limit: usize) -> Trimmed {
    let (after, up_to) = (Position(after), Position(up_to));
    session.store.trim(&Trim { after, up_to, before, goes: &|_| true, limit }).unwrap()
}

fn trimmed(reached: u64, looked_at: usize, gone: usize) -> Trimmed {
    Trimmed { reached: Position(reached), looked_at, gone }
}

fn positions_follow_the_commits(place: &Place<'_>) {
    let mut session = place.open();
    let batch = [
        session.events(&["a", "bb"]),
        session.empty(),
        session.events(&["c"]),
        session.state("shop", 7, "stale"),
        session.events(&["dd"]),
    ];
    let firsts = session.commit(&batch).into_iter().map(|verdict| match verdict {
        super::Verdict::Committed { first, .. } => first.0,
        _ => 0,
    });
    assert_eq!(firsts.collect::<Vec<_>>(), [1, 2, 3, 0, 4]);
    let rows = session.store.read_log(Position(0), 10).unwrap();
    let found: Vec<_> = rows.into_iter().map(|row| (row.position.0, row.event)).collect();
    let expected = [(1, event("a")), (2, event("bb")), (3, event("c")), (4, event("dd"))];
    assert_eq!(found, expected);
}

fn the_log_is_read_page_by_page(place: &Place<'_>) {
    let mut session = place.open();
    append(&mut session, &[1; 10]);
    let page = |after, limit| {
        let rows = session.store.read_log(Position(after), limit).unwrap();
        rows.into_iter().map(|row| row.position.0).collect::<Vec<_>>()
    };
    assert_eq!(page(0, 3), [1, 2, 3]);
    assert_eq!(page(3, 3), [4, 5, 6]);
    assert_eq!(page(8, 3), [9, 10]);
    assert_eq!(page(10, 3), [0; 0]);
    assert_eq!(page(u64::MAX, 3), [0; 0]);
    assert_eq!(page(0, 0), [0; 0]);
}

fn trimming_forgets_the_oldest_events(place: &Place<'_>) {
    let mut session = place.open();
    append(&mut session, &[10, 20, 30, 40, 50]);
    assert_eq!(trim(&session, (0, 5), 100, 2), trimmed(2, 2, 2));
    assert_eq!(positions(&session), [3, 4, 5]);
    assert_eq!(trim(&session, (0, 5), 100, 2), trimmed(4, 2, 2));
    assert_eq!(trim(&session, (4, 5), 100, 2), trimmed(5, 1, 1));
    assert_eq!(trim(&session, (5, 5), 100, 2), trimmed(5, 0, 0));
    assert_eq!(positions(&session), [0; 0]);
}

fn trimming_stops(place: &Place<'_>) {
    let mut session = place.open();
    append(&mut session, &[10, 20, 30, 40, 50]);
    // Published before 30, not at 30.
    assert_eq!(trim(&session, (0, 5), 30, 10), trimmed(2, 2, 2));
    assert_eq!(trim(&session, (0, 3), 100, 10), trimmed(3, 1, 1));
    assert_eq!(trim(&session, (0, 3), 100, 10), trimmed(0, 0, 0));
    assert_eq!(trim(&session, (0, 5), 100, 0), trimmed(0, 0, 0));
    assert_eq!(trim(&session, (4, 4), 100, 10), trimmed(4, 0, 0));
    let session = session.reopen();
    assert_eq!(positions(&session), [4, 5]);
    let page = session.store.read_log(Position(1), 1).unwrap();
    assert_eq!(page[0].position, Position(4), "the first that is there");
}

fn trimming_takes_some_channels(place: &Place<'_>) {
    let mut session = place.open();
    for number in 0..6 {
        let channel = if number % 2 == 0 { "test.short" } else { "test.long" };
        let channel = Channel::new(channel);
        let events = vec![super::NewEvent { channel, ..event("e") }];
        session.good(Commit { events, ..session.empty() });
    }
    let take = |session: &Session<'_>, name: &str, after, limit| {
        let goes = |channel: &Channel| channel.as_str() == name;
        let (after, up_to) = (Position(after), Position(6));
        session.store.trim(&Trim { after, up_to, before: 501, goes: &goes, limit }).unwrap()
    };
    assert_eq!(take(&session, "test.short", 0, 3), trimmed(3, 3, 2));
    assert_eq!(positions(&session), [2, 4, 5, 6]);
    assert_eq!(take(&session, "test.short", 3, 3), trimmed(6, 3, 1));
    let mut session = session.reopen();
    assert_eq!(positions(&session), [2, 4, 6]);
    let page = session.store.read_log(Position(3), 2).unwrap();
    assert_eq!(page.iter().map(|row| row.position.0).collect::<Vec<_>>(), [4, 6]);
    assert_eq!(session.good(session.events(&["a"])).0, Position(7));
    assert_eq!(take(&session, "test.long", 0, 10), trimmed(6, 3, 3));
    assert_eq!(positions(&session), [7]);
}

fn positions_go_on_after_the_log_was_emptied(place: &Place<'_>) {
    let mut session = place.open();
    append(&mut session, &[1, 1, 1]);
    assert_eq!(trim(&session, (0, 9), 100, 10), trimmed(3, 3, 3));
    let mut session = session.reopen();
    assert_eq!(session.opened.head, Position(3));
    assert_eq!(session.good(session.empty()).0, Position(3));
    // A subscription that begins now, at the start of what is there, or after it.
    let new = [subscription("s", "a", true), subscription("s", "b", false)];
    let rows = session.store.register(&new).unwrap();
    assert!(rows.iter().all(|row| row.since == Position(3)), "{rows:?}");
    assert_eq!(rows[1].id, SubscriptionId(rows[0].id.0 + 1));
    assert_eq!(session.good(session.events(&["a"])).0, Position(4));
    assert_eq!(positions(&session), [4]);
}

fn expired_answers_are_forgotten(place: &Place<'_>) {
    let mut session = place.open();
    let give = |n: u64| {
        let mut answer = answer(&n.to_string(), "x", 0);
        answer.expires = 1 + n;
        Commit { answer: Some(answer), ..session.empty() }
    };
    let batch: Vec<_> = (0..2_500).map(give).collect();
    session.commit(&batch);
    append(&mut session, &[1]);
    session.store.forget_answers(2_400).unwrap();
    // As if the clock went back: what is gone does not come again.
    let found = |key: u64| session.store.answer(&answer_key(&key.to_string()), 0).unwrap();
    assert_eq!((found(0), found(2_399)), (None, None));
    assert!(found(2_400).is_some());
    assert_eq!(positions(&session), [1]);
}
