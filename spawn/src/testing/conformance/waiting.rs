//! What waits in the store: calls, dead letters, answers, cursors.

use super::{Place, Test, answer, answer_key, call, cursor, dead_event, encoded, letter};
use crate::store::{
    AnswerKey, CallId, CallRow, Commit, Consumed, DeadLetterId, DeadLetterSource, NewCall, Verdict,
};

pub(super) const TESTS: &[Test] = &[
    ("calls are listed page by page, and found by id", calls_are_listed),
    ("a call is consumed once", a_call_is_consumed_once),
    ("a postponed call stays, and is due later", a_postponed_call_stays),
    ("ids of calls and dead letters never come again", ids_never_come_again),
    ("dead letters are listed page by page", dead_letters_are_listed),
    ("a dead letter is consumed once", a_dead_letter_is_consumed_once),
    ("the first answer stays", the_first_answer_stays),
    ("an answer expires", an_answer_expires),
    ("a cursor only moves ahead", a_cursor_only_moves_ahead),
];

fn calls_are_listed(place: &Place<'_>) {
    let mut session = place.open();
    let texts = ["a", "bb", "c", "dd", "e"];
    let calls: Vec<_> = texts.map(call).into();
    let (_, first, _) = session.good(Commit { calls, ..session.empty() });
    let session = session.reopen();
    let expected: Vec<_> = (first.0..)
        .zip(texts)
        .map(|(id, text)| CallRow { id: CallId(id), attempts: 0, call: call(text) })
        .collect();
    let page = |after: CallId, limit| session.store.calls(after, limit).unwrap();
    assert_eq!(page(CallId(0), 3), expected[..3]);
    assert_eq!(page(expected[2].id, 3), expected[3..]);
    assert_eq!(page(expected[4].id, 3), []);
    assert_eq!(page(CallId(0), 0), []);
    assert_eq!(session.store.call(expected[3].id).unwrap().as_ref(), Some(&expected[3]));
    assert_eq!(session.store.call(CallId(99)).unwrap(), None);
}

fn a_call_is_consumed_once(place: &Place<'_>) {
    let mut session = place.open();
    let (_, id, _) = session.good(Commit { calls: vec![call("a")], ..session.empty() });
    let consume = Commit { consumed: Some(Consumed::Call(id)), ..session.events(&["e"]) };
    let verdicts = session.commit(&[consume.clone(), consume.clone()]);
    assert!(matches!(verdicts[0], Verdict::Committed { .. }), "{verdicts:?}");
    assert_eq!(verdicts[1], Verdict::Gone);
    assert_eq!(session.one(consume), Verdict::Gone);
    assert_eq!(session.store.call(id).unwrap(), None);
    assert_eq!(session.contents().log.len(), 1);
}

fn a_postponed_call_stays(place: &Place<'_>) {
    let mut session = place.open();
    let (_, id, _) = session.good(Commit { calls: vec![call("a"), call("b")], ..session.empty() });
    let postponed = Some(Consumed::Postponed { call: id, due: 9_000, attempts: 3 });
    session.good(Commit { consumed: postponed, ..session.empty() });
    let mut session = session.reopen();
    let row = session.store.call(id).unwrap().unwrap();
    let expected = CallRow { id, attempts: 3, call: NewCall { due: 9_000, ..call("a") } };
    assert_eq!(row, expected);
    let other = session.store.call(CallId(id.0 + 1)).unwrap().unwrap();
    assert_eq!((other.attempts, other.call), (0, call("b")));
    session.good(Commit { consumed: Some(Consumed::Call(id)), ..session.empty() });
    assert_eq!(session.store.call(id).unwrap(), None);
}

fn ids_never_come_again(place: &Place<'_>) {
    let mut session = place.open();
    let lost = Some(dead_event("lost"));
    let make = Commit { calls: vec![call("a")], dead_letter: lost.clone(), ..session.empty() };
    let (_, call_id, letter_id) = session.good(make);
    session.good(Commit { consumed: Some(Consumed::Call(call_id)), ..session.empty() });
    session.good(Commit { consumed: Some(Consumed::DeadLetter(letter_id)), ..session.empty() });
    let mut session = session.reopen();
    let make = Commit { calls: vec![call("b")], dead_letter: lost, ..session.empty() };
    let (_, next_call, next_letter) = session.good(make);
    assert!(next_call > call_id, "{next_call}");
    assert!(next_letter > letter_id, "{next_letter}");
}

fn dead_letters_are_listed(place: &Place<'_>) {
    let mut session = place.open();
    let letters = [
        dead_event("lost"),
        letter(DeadLetterSource::Call(call("lost"))),
        dead_event("odd"),
        letter(DeadLetterSource::Call(call("odd"))),
    ];
    let mut ids = Vec::new();
    for letter in &letters {
        let dead_letter = Some(letter.clone());
        ids.push(session.good(Commit { dead_letter, ..session.empty() }).2);
    }
    let session = session.reopen();
    let page = |after, limit| {
        let rows = session.store.dead_letters(after, limit).unwrap();
        rows.into_iter().map(|row| (row.id, Box::new(row.letter))).collect::<Vec<_>>()
    };
    let expected: Vec<_> = ids.into_iter().zip(letters).collect();
    assert_eq!(page(DeadLetterId(0), 3), expected[..3]);
    assert_eq!(page(expected[2].0, 3), expected[3..]);
    assert_eq!(page(expected[3].0, 3), []);
}

fn a_dead_letter_is_consumed_once(place: &Place<'_>) {
    let mut session = place.open();
    let dead_letter = Some(dead_event("lost"));
    let (_, _, id) = session.good(Commit { dead_letter, ..session.empty() });
    let consume = Commit { consumed: Some(Consumed::DeadLetter(id)), ..session.empty() };
    session.good(consume.clone());
    assert_eq!(session.one(consume), Verdict::Gone);
    assert_eq!(session.store.dead_letters(DeadLetterId(0), 9).unwrap(), []);
}

fn the_first_answer_stays(place: &Place<'_>) {
    let mut session = place.open();
    let give = |text, session: &super::Session<'_>| Commit {
        answer: Some(answer("k", text, 1_000)),
        ..session.events(&["e"])
    };
    let (first, second) = (give("first", &session), give("second", &session));
    let verdicts = session.commit(&[first, second.clone()]);
    assert_eq!(verdicts[1], Verdict::Gone);
    assert_eq!(session.one(second), Verdict::Gone);
    let session = session.reopen();
    let found = |key: &AnswerKey| session.store.answer(key, 1_000).unwrap();
    assert_eq!(found(&answer_key("k")), Some(encoded("first")));
    assert_eq!(session.contents().log.len(), 1);
    // Actor, action and key name it together.
    for other in [
        answer_key("K"),
        AnswerKey { action: "paid".to_owned(), ..answer_key("k") },
        AnswerKey { actor: super::actor("user/b"), ..answer_key("k") },
    ] {
        assert_eq!(found(&other), None);
    }
}

fn an_answer_expires(place: &Place<'_>) {
    let mut session = place.open();
    let give = |at, session: &super::Session<'_>| Commit {
        answer: Some(answer("k", "x", at)),
        ..session.empty()
    };
    session.good(give(1_000, &session));
    let is_there = |now, session: &super::Session<'_>| {
        session.store.answer(&answer_key("k"), now).unwrap().is_some()
    };
    assert!(is_there(1_099, &session));
    assert!(!is_there(1_100, &session));
    assert_eq!(session.one(give(1_099, &session)), Verdict::Gone);
    session.good(give(1_100, &session));
    assert!(is_there(1_199, &session));
}

fn a_cursor_only_moves_ahead(place: &Place<'_>) {
    let mut session = place.open();
    let consume = |subscriber: &str, position, subscription, session: &super::Session<'_>| {
        let cursor = cursor(position, subscription);
        let consumed = Some(Consumed::Events { subscriber: subscriber.to_owned(), cursor });
        Commit { consumed, ..session.empty() }
    };
    session.good(consume("mail", 5, 2, &session));
    for (position, subscription) in [(5, 2), (5, 1), (4, 9), (0, 0)] {
        let behind = consume("mail", position, subscription, &session);
        assert_eq!(session.one(behind), Verdict::Gone, "{position}.{subscription}");
    }
    session.good(consume("mail", 5, 3, &session));
    session.good(consume("mail", 6, 0, &session));
    session.good(consume("external:mail", 1, 1, &session));
    let session = session.reopen();
    assert_eq!(session.store.cursor("mail").unwrap(), Some(cursor(6, 0)));
    assert_eq!(session.store.cursor("external:mail").unwrap(), Some(cursor(1, 1)));
    assert_eq!(session.store.cursor("external:").unwrap(), None);
}
