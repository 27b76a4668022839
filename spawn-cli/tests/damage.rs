//! Data that is damaged, and what `check` says of it.

use std::fs;

use rusqlite::Connection;

use crate::kit::{cli, filled};

#[tokio::test]
async fn each_thing_that_does_not_fit_is_named() {
    for (damage, told) in [
        ("UPDATE meta SET head = 1", "the table `log` has the position"),
        ("UPDATE meta SET state = 0", "the table `states` has the id"),
        ("UPDATE meta SET dead_letter = 1", "the table `dead_letters` has the id 4"),
        ("UPDATE meta SET subscription = 0", "the table `subscriptions` has the id 2"),
        ("UPDATE meta SET call = 0", "the table `calls` has the id 1"),
        ("DELETE FROM meta", "the table `meta` is empty"),
        (
            "UPDATE actors SET position = 9999 WHERE key = 'ledger'",
            "the actor ledger is at the position 9999",
        ),
        ("UPDATE cursors SET position = 9999", "external:partner is at the position 9999"),
        (
            "UPDATE cursors SET position = -1",
            "the table `cursors`: external:partner: position: the number -1 cannot be",
        ),
        ("UPDATE cursors SET subscriber = 'a b'", "the table `cursors`: the actor name \"a b\""),
        (
            "INSERT INTO parked VALUES ('cart/ann', -1, 1)",
            "the table `parked`: cart/ann: position: ",
        ),
        ("UPDATE subscriptions SET since = 9999 WHERE id = 1", "the subscription 1 begins at 9999"),
        (
            "UPDATE subscriptions SET lapsed = 9999 WHERE id = 2",
            "the subscription 2 has lapsed at 9999",
        ),
        ("UPDATE subscriptions SET pattern = 'a..b' WHERE id = 2", "the subscription 2: "),
        ("DELETE FROM states WHERE id = 1", "the actor cart/ann has no state for its revision 1"),
        (
            "UPDATE states SET revision = 7 WHERE id = 1",
            "the actor cart/ann has a state of the revision 7 where that of 1 should be",
        ),
        ("UPDATE actors SET revision = 3 WHERE key = 'cart/ann'", "where that of 3 should be"),
        (
            "UPDATE actors SET revision = 0 WHERE key = 'cart/bea'",
            "the actor cart/bea has the revision 0 and keeps 1 states",
        ),
        ("UPDATE actors SET recent = x'' WHERE key = 'cart/bea'", "1 states belong to no actor"),
        ("UPDATE actors SET recent = x'80' WHERE key = 'cart/bea'", "the actor \"cart/bea\": "),
        ("UPDATE actors SET key = 'a b' WHERE key = 'ledger'", "the actor \"a b\": "),
        ("UPDATE actors SET subscription = NULL WHERE key = 'ledger'", "half a cursor"),
        ("UPDATE log SET channel = 'a..b' WHERE position = 1", "the event at position 1: "),
        ("UPDATE log SET metadata = x'05' WHERE position = 2", "the event at position 2: "),
        (
            "UPDATE dead_letters SET position = 9999 WHERE id = 1",
            "the dead letter 1 is about the position 9999",
        ),
        ("UPDATE dead_letters SET channel = NULL WHERE id = 1", "the dead letter 1 is damaged"),
        ("UPDATE calls SET target = ''", "the call 1 is damaged"),
        ("INSERT INTO tags VALUES ('nobody', 'a', 'b')", "there are tags of nobody"),
    ] {
        let data = filled().await;
        assert_eq!(cli(data.path(), &["check"]).out, "the data is sound\n");
        let connection = Connection::open(data.path().join("spawn.db")).unwrap();
        assert!(connection.execute(damage, ()).unwrap() > 0, "{damage}");
        drop(connection);
        let said = cli(data.path(), &["check"]);
        assert_eq!((said.status, said.err.as_str()), (1, ""), "{damage}: {said:?}");
        assert!(said.out.contains(told), "{damage}: {said:?}");
        let json = cli(data.path(), &["check", "--json"]);
        assert!(json.status == 1 && json.out.contains("\"sound\": false"), "{json:?}");
        let copy = tempfile::tempdir().unwrap();
        let target = copy.path().join("copy");
        let said = cli(data.path(), &["backup", target.to_str().unwrap()]);
        assert!(said.status == 1, "a copy of what is damaged is damaged: {said:?}");
    }
}

#[tokio::test]
async fn a_page_that_is_overwritten_is_noticed() {
    let data = filled().await;
    let file = data.path().join("spawn.db");
    let whole = fs::read(&file).unwrap();
    let pages = whole.len() / 4_096;
    let mut noticed = 0;
    for page in 1..pages {
        let mut bytes = whole.clone();
        bytes[page * 4_096..(page + 1) * 4_096].fill(0xa5);
        fs::write(&file, bytes).unwrap();
        for arguments in
            [&["overview"][..], &["actors"], &["state", "cart", "ann"], &["log"], &["dead-letters"]]
        {
            // It may be read or not, and nothing panics.
            let said = cli(data.path(), arguments);
            assert!(matches!(said.status, 0 | 1) && !said.err.contains("panicked"), "{said:?}");
        }
        let said = cli(data.path(), &["check"]);
        assert!(!said.err.contains("panicked"), "{said:?}");
        noticed += usize::from(said.status == 1);
    }
    // All but those that have nothing in them.
    assert!(noticed >= pages - 2, "{noticed} of {pages}");
}

#[tokio::test]
async fn a_file_that_is_cut_off_is_noticed() {
    let data = filled().await;
    let file = data.path().join("spawn.db");
    let whole = fs::read(&file).unwrap();
    for length in [100, 4_096, whole.len() / 2, whole.len() - 4_096, whole.len() - 1] {
        fs::write(&file, &whole[..length]).unwrap();
        let said = cli(data.path(), &["check"]);
        assert_eq!(said.status, 1, "{length}: {said:?}");
        assert!(!said.err.contains("panicked"), "{said:?}");
    }
}
