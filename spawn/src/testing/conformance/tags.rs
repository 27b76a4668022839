//! Tags.

use std::sync::Arc;

use super::{Place, Session, Test, actor, cursor, encoded, write};
use crate::actor::ActorId;
use crate::store::{ActorWrite, Commit, Revision, TagQuery, Verdict};
use crate::tags::Tags;

pub(super) const TESTS: &[Test] = &[
    ("tags are saved with the actor, and replaced", tags_are_saved),
    ("tags of a refused commit are not saved", refused_tags_are_not_saved),
    ("tags alone leave state and cursor", tags_alone_leave_the_rest),
    ("actors are found by all tags that are asked for", actors_are_found),
    ("who has set no tags is found where it is asked for", the_untagged_are_found),
    ("actors are found page by page", actors_are_found_page_by_page),
];

fn tags(pairs: &[(&str, &str)]) -> Arc<Tags> {
    let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    Arc::new(pairs.iter().map(owned).collect())
}

/// Saves tags of an actor that has saved so many states.
fn tag(session: &mut Session<'_>, id: &str, expected: u64, pairs: &[(&str, &str)]) {
    let write = ActorWrite { tags: Some(tags(pairs)), ..write(id, expected, "s") };
    session.good(Commit { actor: Some(write), ..session.empty() });
}

fn of(session: &Session<'_>, id: &str) -> Option<Arc<Tags>> {
    session.store.load(&actor(id)).unwrap().and_then(|stored| stored.tags)
}

fn query(pairs: &[(&str, &str)]) -> TagQuery {
    TagQuery {
        tags: (*tags(pairs)).clone().into_iter().collect(),
        limit: 100,
        ..TagQuery::default()
    }
}

fn find(session: &Session<'_>, query: &TagQuery) -> Vec<String> {
    session.store.find(query).unwrap().iter().map(ActorId::to_string).collect()
}

fn tags_are_saved(place: &Place<'_>) {
    let mut session = place.open();
    session.good(session.state("user/a", 0, "one"));
    assert_eq!(of(&session, "user/a"), None);
    tag(&mut session, "user/a", 1, &[("tier", "gold"), ("region", "ü")]);
    // A commit that says nothing of them leaves them.
    session.good(session.state("user/a", 2, "three"));
    let mut session = session.reopen();
    assert_eq!(of(&session, "user/a"), Some(tags(&[("region", "ü"), ("tier", "gold")])));
    tag(&mut session, "user/a", 3, &[("tier", "")]);
    assert_eq!(of(&session, "user/a"), Some(tags(&[("tier", "")])));
    assert_eq!(find(&session, &query(&[("region", "ü")])), [""; 0]);
    tag(&mut session, "user/a", 4, &[]);
    let session = session.reopen();
    assert_eq!(of(&session, "user/a"), Some(tags(&[])), "it has set that it has none");
    assert_eq!(find(&session, &query(&[("tier", "")])), [""; 0]);
}

fn refused_tags_are_not_saved(place: &Place<'_>) {
    let mut session = place.open();
    tag(&mut session, "user/a", 0, &[("tier", "gold")]);
    let stale = ActorWrite { tags: Some(tags(&[])), ..write("user/a", 0, "x") };
    let verdict = session.one(Commit { actor: Some(stale), ..session.empty() });
    assert_eq!(verdict, Verdict::Stale { found: Revision(1) });
    assert_eq!(of(&session, "user/a"), Some(tags(&[("tier", "gold")])));
}

fn tags_alone_leave_the_rest(place: &Place<'_>) {
    let mut session = place.open();
    let alone = |expected, pairs: &[(&str, &str)]| ActorWrite {
        state: None,
        tags: Some(tags(pairs)),
        ..write("user/a", expected, "")
    };
    session.good(Commit { actor: Some(alone(0, &[("tier", "gold")])), ..session.empty() });
    assert_eq!(session.store.instances("user", None, 10).unwrap(), [actor("user/a")]);
    let first = ActorWrite { cursor: Some(cursor(3, 1)), ..write("user/a", 0, "one") };
    session.good(Commit { actor: Some(first), ..session.empty() });
    session.good(Commit { actor: Some(alone(1, &[("tier", "iron")])), ..session.empty() });
    let session = session.reopen();
    let stored = session.store.load(&actor("user/a")).unwrap().unwrap();
    assert_eq!((stored.revision, stored.cursor), (Revision(1), Some(cursor(3, 1))));
    assert_eq!(stored.state, Some(encoded("one")));
    assert_eq!(stored.tags, Some(tags(&[("tier", "iron")])));
}

fn actors_are_found(place: &Place<'_>) {
    let mut session = place.open();
    tag(&mut session, "user/a", 0, &[("tier", "gold"), ("region", "eu")]);
    tag(&mut session, "user/b", 0, &[("tier", "gold"), ("region", "us")]);
    tag(&mut session, "user/c", 0, &[("tier", "iron"), ("region", "eu")]);
    tag(&mut session, "shop", 0, &[("tier", "gold"), ("region", "eu")]);
    tag(&mut session, "users/a", 0, &[("tier", "gold")]);
    tag(&mut session, "user-x/a", 0, &[("tier", "gold")]);
    session.good(session.state("user/d", 0, "one"));
    let session = session.reopen();
    let gold = query(&[("tier", "gold")]);
    assert_eq!(find(&session, &gold), ["shop", "user-x/a", "user/a", "user/b", "users/a"]);
    assert_eq!(find(&session, &query(&[("tier", "gold"), ("region", "eu")])), ["shop", "user/a"]);
    assert_eq!(find(&session, &query(&[("tier", "gold"), ("region", "")])), [""; 0]);
    // Pairs belong together.
    assert_eq!(find(&session, &query(&[("tier", "eu")])), [""; 0]);
    let named = |name: &str| TagQuery { name: Some(name.to_owned()), ..gold.clone() };
    assert_eq!(find(&session, &named("user")), ["user/a", "user/b"]);
    assert_eq!(find(&session, &named("shop")), ["shop"]);
    let any = TagQuery { name: Some("user".to_owned()), ..query(&[]) };
    assert_eq!(find(&session, &any), ["user/a", "user/b", "user/c"]);
}

fn the_untagged_are_found(place: &Place<'_>) {
    let mut session = place.open();
    for id in ["user/a", "user/b", "users/a", "user", "cart/a"] {
        session.good(session.state(id, 0, "one"));
    }
    tag(&mut session, "user/b", 1, &[]);
    tag(&mut session, "user/c", 0, &[("tier", "gold")]);
    let untagged = vec!["user".to_owned(), "cart".to_owned()];
    let both = TagQuery { untagged, ..query(&[("tier", "gold")]) };
    assert_eq!(find(&session, &both), ["cart/a", "user/a", "user/c"]);
}

fn actors_are_found_page_by_page(place: &Place<'_>) {
    let mut session = place.open();
    let ids: Vec<_> = (0..9).map(|number| format!("user/{number}")).collect();
    for id in &ids {
        if id.ends_with(['1', '4', '7']) {
            session.good(session.state(id, 0, "one"));
        } else {
            tag(&mut session, id, 0, &[("tier", "gold")]);
        }
    }
    let mut page =
        TagQuery { untagged: vec!["user".to_owned()], limit: 4, ..query(&[("tier", "gold")]) };
    let mut found = Vec::new();
    loop {
        let next = session.store.find(&page).unwrap();
        assert!(next.len() <= 4);
        let Some(last) = next.last() else { break };
        page.after = Some(last.clone());
        found.extend(next.iter().map(ActorId::to_string));
    }
    assert_eq!(found, ids);
    assert_eq!(find(&session, &TagQuery { limit: 0, after: None, ..page }), [""; 0]);
}
