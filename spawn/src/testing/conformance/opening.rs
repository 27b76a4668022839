//! Opening, closing, recovering.

use super::{Place, Test, actor, call, cursor, dead_event, subscription};
use crate::event::Position;
use crate::store::{
    Consumed, Cursor, Epoch, NewCall, Opened, Parking, Revision, StoreError, Survey, Verdict,
};

pub(super) const TESTS: &[Test] = &[
    ("a new store is empty", a_new_store_is_empty),
    ("each opening begins an epoch, and tells what is there", each_opening_begins_an_epoch),
    ("commits of an earlier epoch are refused", commits_of_an_earlier_epoch_are_refused),
    ("a batch of an earlier epoch has no number", a_batch_of_an_earlier_epoch_has_no_number),
    ("batches are numbered without gaps", batches_are_numbered_without_gaps),
    ("commits fail after the store was closed", commits_fail_after_closing),
    ("commits fail before the store was opened", commits_fail_before_opening),
    ("a store that was closed can be opened again", a_closed_store_can_be_opened_again),
    ("closing twice is closing once", closing_twice),
    ("notes stay beside the data", notes_stay),
    ("a survey counts what is there", a_survey_counts),
    ("recovering tells which batch took effect, in the same epoch", recovering),
];

fn a_new_store_is_empty(place: &Place<'_>) {
    let session = place.open();
    let Opened { epoch, head, batch, identity: _ } = session.opened;
    assert_eq!((epoch > Epoch(0), head, batch), (true, Position(0), 0));
    let contents = session.contents();
    assert_eq!(contents.actors, vec![(None, Vec::new()); 3]);
    assert_eq!(contents.cursors, [None, None]);
    assert_eq!(contents.answers, [None, None]);
    assert!(
        contents.instances.is_empty()
            && contents.log.is_empty()
            && contents.subscriptions.is_empty()
            && contents.calls.is_empty()
            && contents.dead_letters.is_empty()
    );
}

fn each_opening_begins_an_epoch(place: &Place<'_>) {
    let mut session = place.open();
    let first = session.opened;
    session.good(session.events(&["a", "b"]));
    session.good(session.state("shop", 0, "s"));
    let session = session.reopen();
    let second = session.opened;
    assert!(second.epoch > first.epoch);
    assert_eq!((second.head, second.batch), (Position(2), 2));
    assert_eq!(second.identity, first.identity);
    let third = session.reopen().opened;
    assert!(third.epoch > second.epoch);
    assert_eq!(Opened { epoch: second.epoch, ..third }, second);
}

fn commits_of_an_earlier_epoch_are_refused(place: &Place<'_>) {
    let mut session = place.open();
    session.good(session.state("shop", 0, "s"));
    let stale = session.state("shop", 1, "t");
    let stale_events = session.events(&["e"]);
    let mut session = session.reopen();
    let before = session.contents();
    assert_eq!(session.one(stale.clone()), Verdict::Stale { found: Revision(1) });
    assert_eq!(session.contents(), before);
    // The batch was that of a system that is gone; it counts for nothing.
    session.number = session.opened.batch;
    let good = session.state("shop", 1, "u");
    let verdicts = session.commit(&[stale, good, stale_events]);
    assert!(matches!(verdicts[0], Verdict::Stale { found: Revision(1) }), "{verdicts:?}");
    assert!(matches!(verdicts[1], Verdict::Committed { .. }), "{verdicts:?}");
    assert!(matches!(verdicts[2], Verdict::Stale { .. }), "{verdicts:?}");
    assert_eq!(session.store.read_log(Position(0), 10).unwrap(), []);
}

fn a_batch_of_an_earlier_epoch_has_no_number(place: &Place<'_>) {
    let session = place.open();
    let stale = session.state("shop", 0, "s");
    let mut session = session.reopen();
    for number in [1, 77] {
        let verdicts = session.store.commit(number, &[&stale]).unwrap();
        assert_eq!(verdicts, [Verdict::Stale { found: Revision(0) }]);
    }
    session.good(session.state("shop", 0, "t"));
    assert_eq!(session.reopen().opened.batch, 1);
}

fn batches_are_numbered_without_gaps(place: &Place<'_>) {
    let mut session = place.open();
    session.good(session.events(&["a"]));
    for number in [0, 1, 3] {
        let error = session.store.commit(number, &[&session.events(&["b"])]).unwrap_err();
        assert!(matches!(error, StoreError::Failed { .. }), "{error:?}");
    }
    // One in which every commit is refused has taken effect as well.
    assert_eq!(session.one(session.state("shop", 9, "s")), Verdict::Stale { found: Revision(0) });
    session.good(session.events(&["c"]));
    let session = session.reopen();
    assert_eq!((session.opened.batch, session.opened.head), (3, Position(2)));
}

fn commits_fail_after_closing(place: &Place<'_>) {
    let mut session = place.open();
    session.good(session.events(&["a"]));
    let late = session.events(&["b"]);
    session.store.close();
    let error = session.store.commit(2, &[&late]).unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error:?}");
    assert_eq!(session.reopen().opened.head, Position(1));
}

fn commits_fail_before_opening(place: &Place<'_>) {
    let session = place.open();
    let commit = session.events(&["a"]);
    session.store.close();
    let error = (place.store)().commit(1, &[&commit]).unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error:?}");
}

fn a_closed_store_can_be_opened_again(place: &Place<'_>) {
    let mut session = place.open();
    session.good(session.events(&["a"]));
    session.store.close();
    let opened = session.store.open("conformance").unwrap();
    assert!(opened.epoch > session.opened.epoch);
    session.opened = opened;
    assert_eq!(session.good(session.events(&["b"])).0, Position(2));
}

fn closing_twice(place: &Place<'_>) {
    let session = place.open();
    session.store.close();
    session.store.close();
    drop(session);
    place.open();
}

fn recovering(place: &Place<'_>) {
    let mut session = place.open();
    session.good(session.events(&["a", "b"]));
    let recovered = session.store.recover().unwrap();
    assert_eq!(recovered, Opened { head: Position(2), batch: 1, ..session.opened });
    let contents = session.contents();
    assert_eq!(contents.log.len(), 2);
    assert_eq!(session.good(session.events(&["c"])).0, Position(3));
    assert_eq!(session.reopen().opened.batch, 2);
}

fn notes_stay(place: &Place<'_>) {
    let session = place.open();
    let note = |session: &super::Session<'_>, name| session.store.note(name).unwrap();
    assert_eq!(note(&session, "one"), None);
    session.store.set_note("one", b"first").unwrap();
    session.store.set_note("two", b"").unwrap();
    session.store.set_note("one", &[0, 255, 7]).unwrap();
    let before = session.opened;
    let session = session.reopen();
    assert_eq!(note(&session, "one").as_deref(), Some(&[0, 255, 7][..]));
    assert_eq!(note(&session, "two").as_deref(), Some(&[][..]));
    assert_eq!(note(&session, "three"), None);
    assert_eq!((session.opened.batch, session.opened.head), (before.batch, before.head));
}

fn a_survey_counts(place: &Place<'_>) {
    let mut session = place.open();
    let nothing = Survey { was_closed: true, ..Survey::default() };
    assert_eq!(session.store.survey(u64::MAX).unwrap(), nothing);
    let wanted = ["mail", "shop", "nobody"].map(|name| subscription(name, "test.events", true));
    let ids = session.store.register(&wanted).unwrap();
    let [mail, shop, _] = &ids[..] else { panic!("{ids:?}") };
    session.good(session.events(&["a", "b", "c"]));
    // Both are done with what comes before the second event; the one whose subscription is the earlier also with that.
    let reached = Cursor { position: Position(2), subscription: mail.id };
    let mut commit = session.state("shop", 0, "s");
    commit.actor.as_mut().unwrap().cursor = Some(reached);
    commit.consumed = Some(Consumed::Events { subscriber: "mail".to_owned(), cursor: reached });
    commit.calls = vec![call("one"), NewCall { due: 8_000, ..call("two") }];
    commit.dead_letter = Some(dead_event("x"));
    commit.parking = Some(Parking { actor: actor("user/a"), after: Some(cursor(1, 1)) });
    session.good(commit);
    session.good(session.state("user/a", 0, "u"));
    let expected = Survey {
        actors: 2,
        calls: 2,
        overdue: 1,
        dead_letters: 1,
        parked: 1,
        reached: vec![(mail.id, Position(2)), (shop.id, Position(1))],
        was_closed: true,
    };
    assert_eq!(session.store.survey(7_000).unwrap(), expected);
    assert_eq!(session.store.survey(6_999).unwrap(), Survey { overdue: 0, ..expected.clone() });
    assert_eq!(session.reopen().store.survey(7_000).unwrap(), expected);
}
