//! States, revisions, instances.

use super::{Place, Test, actor, cursor, encoded, write};
use crate::store::{ActorWrite, Commit, Revision, StoredActor, Verdict};

pub(super) const TESTS: &[Test] = &[
    ("a stale revision is refused", a_stale_revision_is_refused),
    ("two commits of one actor follow each other in a batch", two_commits_in_a_batch),
    ("the last revisions are kept, and numbered without gaps", the_last_revisions_are_kept),
    ("how many are kept can change", how_many_are_kept_can_change),
    ("an unchanged state keeps its revision", an_unchanged_state_keeps_its_revision),
    ("a cursor alone is saved", a_cursor_alone_is_saved),
    ("a write of nothing saves nothing", a_write_of_nothing_saves_nothing),
    ("instances are listed in order, page by page", instances_are_listed_in_order),
];

fn a_stale_revision_is_refused(place: &Place<'_>) {
    let mut session = place.open();
    let nothing = Verdict::Stale { found: Revision(0) };
    assert_eq!(session.one(session.state("user/a", 1, "x")), nothing);
    session.good(session.state("user/a", 0, "one"));
    session.good(session.state("user/a", 1, "two"));
    for expected in [0, 1, 3] {
        let verdict = session.one(session.state("user/a", expected, "x"));
        assert_eq!(verdict, Verdict::Stale { found: Revision(2) });
        // Also where nothing would change.
        let mut same = session.state("user/a", expected, "x");
        same.actor.as_mut().unwrap().state = None;
        assert_eq!(session.one(same), Verdict::Stale { found: Revision(2) });
    }
    let stored = session.store.load(&actor("user/a")).unwrap().unwrap();
    assert_eq!(stored.state, Some(encoded("two")));
    // Actors have nothing to do with each other.
    session.good(session.state("user/b", 0, "one"));
    session.good(session.state("user", 0, "one"));
}

fn two_commits_in_a_batch(place: &Place<'_>) {
    let mut session = place.open();
    let batch = [
        session.state("shop", 0, "one"),
        session.state("shop", 1, "two"),
        session.state("shop", 1, "three"),
        session.state("shop", 2, "four"),
    ];
    let verdicts = session.commit(&batch);
    assert!(matches!(verdicts[1], Verdict::Committed { .. }), "{verdicts:?}");
    assert_eq!(verdicts[2], Verdict::Stale { found: Revision(2) });
    assert!(matches!(verdicts[3], Verdict::Committed { .. }), "{verdicts:?}");
    let session = session.reopen();
    let stored = session.store.load(&actor("shop")).unwrap().unwrap();
    assert_eq!((stored.revision, stored.state), (Revision(3), Some(encoded("four"))));
    assert_eq!(session.store.history(&actor("shop")).unwrap().len(), 2);
}

fn the_last_revisions_are_kept(place: &Place<'_>) {
    let mut session = place.open();
    let keep =
        |expected, keep| ActorWrite { keep, ..write("shop", expected, &expected.to_string()) };
    for expected in 0..20 {
        session.good(Commit { actor: Some(keep(expected, 3)), at: expected, ..session.empty() });
        // Another actor's states lie between them.
        session.good(Commit { at: expected, ..session.state("user/a", expected, "x") });
        let history = session.store.history(&actor("shop")).unwrap();
        let found: Vec<_> =
            history.into_iter().map(|row| (row.revision.0, row.at, row.state)).collect();
        let first = (expected + 1).saturating_sub(3);
        let kept: Vec<_> =
            (first..=expected).map(|n| (n + 1, n, encoded(&n.to_string()))).collect();
        assert_eq!(found, kept);
    }
    assert_eq!(session.store.history(&actor("nobody")).unwrap(), []);
}

fn how_many_are_kept_can_change(place: &Place<'_>) {
    let mut session = place.open();
    let mut revisions = Vec::new();
    // 0 is as good as 1: the newest state is always there.
    for (expected, keep) in [(0, 5), (1, 5), (2, 5), (3, 2), (4, 5), (5, 0), (6, 1)] {
        let write = ActorWrite { keep, ..write("shop", expected, "s") };
        session.good(Commit { actor: Some(write), ..session.empty() });
        let history = session.store.history(&actor("shop")).unwrap();
        revisions.push(history.into_iter().map(|row| row.revision.0).collect::<Vec<_>>());
    }
    let kept: [&[u64]; 7] = [&[1], &[1, 2], &[1, 2, 3], &[3, 4], &[3, 4, 5], &[6], &[7]];
    assert_eq!(revisions, kept);
}

fn an_unchanged_state_keeps_its_revision(place: &Place<'_>) {
    let mut session = place.open();
    session.good(session.state("shop", 0, "one"));
    for position in [1, 2] {
        let cursor = Some(cursor(position, 1));
        let same = ActorWrite { state: None, cursor, ..write("shop", 1, "") };
        session.good(Commit { actor: Some(same), ..session.empty() });
    }
    let session = session.reopen();
    let stored = session.store.load(&actor("shop")).unwrap();
    let expected = StoredActor {
        revision: Revision(1),
        state: Some(encoded("one")),
        cursor: Some(cursor(2, 1)),
        tags: None,
    };
    assert_eq!(stored, Some(expected));
    assert_eq!(session.store.history(&actor("shop")).unwrap().len(), 1);
}

fn a_cursor_alone_is_saved(place: &Place<'_>) {
    let mut session = place.open();
    let first = ActorWrite { state: None, cursor: Some(cursor(0, 1)), ..write("user/a", 0, "") };
    session.good(Commit { actor: Some(first), ..session.empty() });
    let stored = session.store.load(&actor("user/a")).unwrap();
    let only_cursor =
        StoredActor { revision: Revision(0), state: None, cursor: Some(cursor(0, 1)), tags: None };
    assert_eq!(stored, Some(only_cursor));
    assert_eq!(session.store.instances("user", None, 10).unwrap(), [actor("user/a")]);
    assert_eq!(session.store.history(&actor("user/a")).unwrap(), []);
    // A state that says nothing of the cursor leaves it.
    session.good(session.state("user/a", 0, "one"));
    let stored = session.store.load(&actor("user/a")).unwrap().unwrap();
    assert_eq!((stored.revision, stored.cursor), (Revision(1), Some(cursor(0, 1))));
}

fn a_write_of_nothing_saves_nothing(place: &Place<'_>) {
    let mut session = place.open();
    let nothing = ActorWrite { state: None, ..write("user/a", 0, "") };
    session.good(Commit { actor: Some(nothing), ..session.events(&["e"]) });
    assert_eq!(session.store.load(&actor("user/a")).unwrap(), None);
    assert_eq!(session.store.instances("user", None, 10).unwrap(), []);
}

fn instances_are_listed_in_order(place: &Place<'_>) {
    let mut session = place.open();
    let mut ids = [
        "user/a",
        "user/a/b",
        "user/a/",
        "user//",
        "user/%",
        "user/_",
        "user/ä",
        "user/z",
        "user/A",
        "user/10",
        "user/9",
        "user/🦀",
        "user/ ",
        "user/\u{ffff}",
        "user/'",
        "user/user/a",
    ];
    for id in ids {
        session.good(session.state(id, 0, "s"));
    }
    // Names that begin alike, and a named actor of the same name.
    for id in ["user", "user-x/a", "user.x/a", "user0/a", "users/a", "use/r", "User/a", "user_/a"] {
        session.good(session.state(id, 0, "s"));
    }
    ids.sort_unstable();
    let expected = ids.map(actor);
    for limit in [1, 3, 16, usize::MAX] {
        let mut found: Vec<crate::ActorId> = Vec::new();
        loop {
            let after = found.last().and_then(|id| id.instance());
            let page = session.store.instances("user", after, limit).unwrap();
            assert!(page.len() <= limit);
            if page.is_empty() {
                break;
            }
            found.extend(page);
            assert!(found.is_sorted_by(|one, next| one < next), "each once, in order: {found:?}");
        }
        assert_eq!(found, expected, "in pages of {limit}");
    }
    assert_eq!(session.store.instances("user", None, 0).unwrap(), []);
    assert_eq!(session.store.instances("nobody", None, 10).unwrap(), []);
    // After an id that is none of them.
    let after = session.store.instances("user", Some("a/a"), 1).unwrap();
    assert_eq!(after, [actor("user/a/b")]);
}
