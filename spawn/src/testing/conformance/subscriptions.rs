//! Subscriptions.

use super::{Place, Test, actor, cursor, subscription};
use crate::event::Position;
use crate::store::{
    Commit, Lapse, Parking, Revision, SubscriptionId, SubscriptionRow, Trim, Verdict,
};

pub(super) const TESTS: &[Test] = &[
    ("a new subscription begins with the next event", a_new_one_begins_with_the_next_event),
    ("one from the start begins with the oldest event", one_from_the_start),
    ("a subscription that exists keeps its place", one_that_exists_keeps_its_place),
    ("a dropped subscription is forgotten, and its id with it", a_dropped_one_is_forgotten),
    ("a lapsed subscription says up to where", a_lapsed_one_says_up_to_where),
    ("instances are parked, and parked no more", instances_are_parked),
];

fn since(rows: &[SubscriptionRow]) -> Vec<(&str, &str, u64)> {
    let row = |row: &'_ SubscriptionRow| (row.since.0, row.lapsed);
    assert!(rows.iter().all(|found| row(found).1.is_none()));
    rows.iter().map(|row| (&*row.subscriber, &*row.pattern, row.since.0)).collect()
}

fn a_new_one_begins_with_the_next_event(place: &Place<'_>) {
    let mut session = place.open();
    session.good(session.events(&["a", "b"]));
    let new = [subscription("mail", "test.*", false), subscription("shop", "test.*", false)];
    let rows = session.store.register(&new).unwrap();
    assert_eq!(since(&rows), [("mail", "test.*", 2), ("shop", "test.*", 2)]);
    assert!(rows[0].id > SubscriptionId(0) && rows[1].id > rows[0].id, "{rows:?}");
}

fn one_from_the_start(place: &Place<'_>) {
    let mut session = place.open();
    let rows = session.store.register(&[subscription("mail", "a", true)]).unwrap();
    assert_eq!(since(&rows), [("mail", "a", 0)]);
    session.good(session.events(&["a", "b", "c"]));
    let rows = session.store.register(&[subscription("mail", "b", true)]).unwrap();
    assert_eq!(since(&rows)[1], ("mail", "b", 0));
    let (after, up_to) = (Position(0), Position(2));
    let all = Trim { after, up_to, before: u64::MAX, goes: &|_| true, limit: 10 };
    session.store.trim(&all).unwrap();
    let rows = session.store.register(&[subscription("mail", "c", true)]).unwrap();
    assert_eq!(rows[2].since, Position(2), "what is gone before it is gone");
    assert_eq!(rows[2].lapsed, Some(Position(2)), "and it says so");
    let now = session.store.register(&[subscription("mail", "now", false)]).unwrap();
    assert_eq!((now[3].since, now[3].lapsed), (Position(3), None), "it has missed nothing");
    let first = session.store.read_log(rows[2].since, 1).unwrap();
    assert_eq!(first[0].position, Position(3));
}

fn one_that_exists_keeps_its_place(place: &Place<'_>) {
    let mut session = place.open();
    let first = session.store.register(&[subscription("mail", "a", false)]).unwrap();
    session.good(session.events(&["a", "b"]));
    let session = session.reopen();
    // Twice in one program, and others.
    let new = [
        subscription("shop", "a", false),
        subscription("mail", "a", true),
        subscription("shop", "a", false),
        subscription("mail", "b", false),
    ];
    let rows = session.store.register(&new).unwrap();
    assert_eq!(since(&rows), [("mail", "a", 0), ("shop", "a", 2), ("mail", "b", 2)]);
    assert_eq!(rows[0], first[0]);
    assert!(rows.is_sorted_by_key(|row| row.id));
    // Those that the program has no more are listed too.
    assert_eq!(session.store.register(&[]).unwrap(), rows);
    assert_eq!(session.reopen().store.register(&new[..1]).unwrap(), rows);
}

fn a_dropped_one_is_forgotten(place: &Place<'_>) {
    let mut session = place.open();
    let new = [subscription("mail", "a", false), subscription("mail", "b", false)];
    let rows = session.store.register(&new).unwrap();
    assert!(session.store.drop_subscription(rows[1].id).unwrap());
    assert!(!session.store.drop_subscription(rows[1].id).unwrap());
    assert!(!session.store.drop_subscription(SubscriptionId(99)).unwrap());
    assert_eq!(session.store.register(&[]).unwrap(), rows[..1]);
    session.good(session.events(&["a"]));
    let session = session.reopen();
    let again = session.store.register(&new).unwrap();
    assert_eq!(since(&again), [("mail", "a", 0), ("mail", "b", 1)]);
    assert!(again[1].id > rows[1].id, "an id never comes again");
}

fn instances_are_parked(place: &Place<'_>) {
    let mut session = place.open();
    let parking = |id, after| Some(Parking { actor: actor(id), after });
    let mut park = |id, after| {
        session.good(Commit { parking: parking(id, after), ..session.empty() });
    };
    park("user/b", Some(cursor(4, 2)));
    park("user/a", Some(cursor(3, 1)));
    park("users/a", Some(cursor(1, 1)));
    park("user/b", Some(cursor(5, 1)));
    park("user/c", None);
    let mut session = session.reopen();
    let expected = [(actor("user/a"), cursor(3, 1)), (actor("user/b"), cursor(5, 1))];
    assert_eq!(session.store.parked("user").unwrap(), expected);
    session.good(Commit { parking: parking("user/a", None), ..session.empty() });
    assert_eq!(session.store.parked("user").unwrap(), expected[1..]);
    // With a commit that is refused, nobody is parked.
    let stale =
        Commit { parking: parking("user/a", Some(cursor(9, 9))), ..session.state("shop", 7, "x") };
    assert_eq!(session.one(stale), Verdict::Stale { found: Revision(0) });
    assert_eq!(session.reopen().store.parked("user").unwrap(), expected[1..]);
}

fn a_lapsed_one_says_up_to_where(place: &Place<'_>) {
    let mut session = place.open();
    let new = [subscription("mail", "a", false), subscription("mail", "b", false)];
    let rows = session.store.register(&new).unwrap();
    for (subscription, up_to) in
        [(rows[1].id, 3), (rows[1].id, 7), (rows[1].id, 5), (SubscriptionId(99), 1)]
    {
        let lapse = Some(Lapse { subscription, up_to: Position(up_to) });
        session.good(Commit { lapse, ..session.empty() });
    }
    let session = session.reopen();
    let found = session.store.register(&new).unwrap();
    let lapsed = SubscriptionRow { lapsed: Some(Position(7)), ..rows[1].clone() };
    assert_eq!(found, [rows[0].clone(), lapsed]);
}
