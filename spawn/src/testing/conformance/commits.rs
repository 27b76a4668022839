//! A commit as a whole.

use super::{
    Place, Session, Test, answer, call, cursor, dead_event, event, letter, subscription, write,
};
use crate::event::Position;
use crate::store::{
    ActorWrite, CallId, Commit, Consumed, DeadLetterId, DeadLetterSource, Epoch, Revision, Verdict,
};

pub(super) const TESTS: &[Test] = &[
    ("a commit takes effect whole", a_commit_takes_effect_whole),
    ("everything is there after a reopening", everything_is_there_after_a_reopening),
    ("a refused commit leaves no trace", a_refused_commit_leaves_no_trace),
    ("the neighbours of a refused commit go on", the_neighbours_of_a_refused_commit_go_on),
    ("an empty commit changes nothing", an_empty_commit_changes_nothing),
    ("large and empty values come back", large_and_empty_values_come_back),
];

/// Data that a commit can consume: two calls, two dead letters, an actor with a state and a cursor, a cursor, an answer.
fn filled<'p>(place: &'p Place<'p>) -> Session<'p> {
    let mut session = place.open();
    session.store.register(&[subscription("mail", "test.*", false)]).unwrap();
    session.good(Commit {
        actor: Some(ActorWrite { cursor: Some(cursor(5, 1)), ..write("user/a", 0, "one") }),
        consumed: Some(Consumed::Events { subscriber: "mail".to_owned(), cursor: cursor(5, 1) }),
        events: vec![event("first")],
        calls: vec![call("first"), call("second")],
        answer: Some(answer("k", "ok", 1_000)),
        dead_letter: Some(dead_event("lost")),
        ..session.empty()
    });
    session.good(Commit {
        dead_letter: Some(letter(DeadLetterSource::Call(call("lost")))),
        ..session.empty()
    });
    session
}

/// A commit with every part, good for what `filled` leaves.
fn whole(session: &Session<'_>) -> Commit {
    Commit {
        actor: Some(ActorWrite { cursor: Some(cursor(6, 0)), ..write("user/a", 1, "two") }),
        consumed: Some(Consumed::Call(CallId(1))),
        events: vec![event("second"), event("third!")],
        calls: vec![call("third"), call("fourth")],
        answer: Some(answer("l", "ok too", 1_000)),
        dead_letter: Some(dead_event("lost too")),
        ..session.empty()
    }
}

/// The same commit, and everything that can be wrong with it, one by one.
fn refused(session: &Session<'_>) -> Vec<(&'static str, Commit, Verdict)> {
    let whole = || whole(session);
    let actor = |cursor, expected| {
        Some(ActorWrite { cursor: Some(cursor), ..write("user/a", expected, "two") })
    };
    let stale = Verdict::Stale { found: Revision(1) };
    let consumed = |consumed| Commit { consumed: Some(consumed), ..whole() };
    let mail = |cursor| Consumed::Events { subscriber: "mail".to_owned(), cursor };
    let postponed = |call| Consumed::Postponed { call, due: 9, attempts: 1 };
    vec![
        ("epoch", Commit { epoch: Epoch(session.opened.epoch.0 - 1), ..whole() }, stale),
        ("revision behind", Commit { actor: actor(cursor(6, 0), 0), ..whole() }, stale),
        ("revision ahead", Commit { actor: actor(cursor(6, 0), 2), ..whole() }, stale),
        ("same cursor", Commit { actor: actor(cursor(5, 1), 1), ..whole() }, Verdict::Gone),
        ("position behind", Commit { actor: actor(cursor(4, 9), 1), ..whole() }, Verdict::Gone),
        ("subscription behind", Commit { actor: actor(cursor(5, 0), 1), ..whole() }, Verdict::Gone),
        ("same events", consumed(mail(cursor(5, 1))), Verdict::Gone),
        ("events behind", consumed(mail(cursor(4, 9))), Verdict::Gone),
        ("call", consumed(Consumed::Call(CallId(99))), Verdict::Gone),
        ("no call", consumed(Consumed::Call(CallId(0))), Verdict::Gone),
        ("postponed call", consumed(postponed(CallId(99))), Verdict::Gone),
        ("dead letter", consumed(Consumed::DeadLetter(DeadLetterId(99))), Verdict::Gone),
        ("answer", Commit { answer: Some(answer("k", "no", 1_000)), ..whole() }, Verdict::Gone),
    ]
}

fn a_commit_takes_effect_whole(place: &Place<'_>) {
    let mut session = filled(place);
    let commit = whole(&session);
    let verdict = session.one(commit.clone());
    let expected = Verdict::Committed {
        first: Position(2),
        first_call: CallId(3),
        dead_letter: DeadLetterId(3),
    };
    assert_eq!(verdict, expected);
    let found = session.contents();
    let (stored, history) = &found.actors[1];
    let stored = stored.as_ref().unwrap();
    let write = commit.actor.unwrap();
    assert_eq!((stored.revision, stored.cursor), (Revision(2), write.cursor));
    assert_eq!(stored.state, write.state);
    assert_eq!((history.len(), history[1].at), (2, 1_000));
    let log: Vec<_> = found.log.into_iter().skip(1).map(|row| (row.position, row.event)).collect();
    assert_eq!(log, [(Position(2), event("second")), (Position(3), event("third!"))]);
    let calls: Vec<_> =
        found.calls.into_iter().map(|row| (row.id.0, row.attempts, row.call)).collect();
    assert_eq!(calls, [(2, 0, call("second")), (3, 0, call("third")), (4, 0, call("fourth"))]);
    let letters: Vec<_> =
        found.dead_letters.into_iter().map(|row| (row.id.0, Box::new(row.letter))).collect();
    let lost = letter(DeadLetterSource::Call(call("lost")));
    assert_eq!(letters, [(1, dead_event("lost")), (2, lost), (3, dead_event("lost too"))]);
    assert_eq!(found.answers[1], commit.answer.map(|answer| answer.response));
    assert_eq!(
        found.cursors,
        [Some(cursor(5, 1)), None],
        "an actor's own cursor is with its state"
    );
}

fn everything_is_there_after_a_reopening(place: &Place<'_>) {
    let mut session = filled(place);
    session.good(whole(&session));
    let before = session.contents();
    assert_eq!(session.reopen().contents(), before);
}

fn a_refused_commit_leaves_no_trace(place: &Place<'_>) {
    let mut session = filled(place);
    let before = session.contents();
    for (what, commit, verdict) in refused(&session) {
        assert_eq!(session.commit(&[commit, session.empty()])[0], verdict, "{what}");
        assert_eq!(session.contents(), before, "{what}");
    }
    assert_eq!(session.opened.head, Position(0));
    let mut session = session.reopen();
    assert_eq!(session.contents(), before);
    assert_eq!(session.opened.head, Position(1));
    // Nor do they take ids.
    let (first, first_call, dead_letter) = session.good(whole(&session));
    assert_eq!((first, first_call, dead_letter), (Position(2), CallId(3), DeadLetterId(3)));
}

fn the_neighbours_of_a_refused_commit_go_on(place: &Place<'_>) {
    let mut session = filled(place);
    let mut batch = Vec::new();
    let mut expected = Vec::new();
    for (n, (_, commit, verdict)) in (0..).zip(refused(&session)) {
        let neighbour = Commit { calls: vec![call("n")], ..session.events(&["x", "y"]) };
        batch.extend([commit, neighbour]);
        let (first, first_call) = (Position(2 + 2 * n), CallId(3 + n));
        let dead_letter = DeadLetterId(0);
        expected.extend([verdict, Verdict::Committed { first, first_call, dead_letter }]);
    }
    assert_eq!(session.commit(&batch), expected);
    let refusals = u64::try_from(batch.len() / 2).unwrap();
    let session = session.reopen();
    assert_eq!(session.opened.head, Position(1 + 2 * refusals));
    assert_eq!(session.contents().actors[1].1.len(), 1);
}

fn an_empty_commit_changes_nothing(place: &Place<'_>) {
    let mut session = filled(place);
    let before = session.contents();
    let nothing = (Position(1), CallId(0), DeadLetterId(0));
    assert_eq!(session.good(session.empty()), nothing, "the last event that there is");
    assert_eq!(session.commit(&[]), []);
    assert_eq!(session.contents(), before);
    assert_eq!(session.reopen().opened.batch, 4);
}

fn large_and_empty_values_come_back(place: &Place<'_>) {
    let mut session = place.open();
    let large = "x".repeat(1 << 20);
    let mut commit = session.state("shop", 0, &large);
    commit.events = vec![event(&large), event("")];
    commit.calls = vec![call(&large), call("")];
    // Times that mean "never".
    commit.calls[0].due = u64::MAX >> 1;
    session.good(commit.clone());
    session.good(session.state("user/a", 0, ""));
    let session = session.reopen();
    let found = session.contents();
    assert_eq!(found.actors[0].0.as_ref().unwrap().state, commit.actor.unwrap().state);
    assert_eq!(found.actors[1].0.as_ref().unwrap().state, Some(super::encoded("")));
    let events: Vec<_> = found.log.into_iter().map(|row| row.event).collect();
    assert_eq!(events, commit.events);
    let calls: Vec<_> = found.calls.into_iter().map(|row| row.call).collect();
    assert_eq!(calls, commit.calls);
}
