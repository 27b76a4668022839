//! The examples of the guide: each says what its page shows, and what its page shows is true.
//!
//! A page shows `transcripts/NAME.txt`. `SPAWN_TRANSCRIPTS=overwrite` writes what the examples say there.

use std::path::Path;

use super::said;

/// What an example says, which is what its transcript has.
fn transcript(name: &str) -> String {
    let said = said(name);
    assert_eq!(said, written(name, &said), "{HINT}");
    said
}

const HINT: &str = "if that is what it should say: SPAWN_TRANSCRIPTS=overwrite cargo test";

fn written(name: &str, said: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts").join(name);
    let path = path.with_extension("txt");
    if std::env::var_os("SPAWN_TRANSCRIPTS").is_some_and(|it| it == "overwrite") {
        std::fs::write(&path, said).unwrap();
    }
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whether these lines come one after the other, maybe with others between them.
fn has_in_order(said: &str, lines: &[&str]) {
    let mut rest = said.lines();
    for line in lines {
        assert!(rest.any(|it| it.trim() == *line), "no `{line}`, or not in this place:\n{said}");
    }
}

#[test]
fn basic_broadcast() {
    let said = transcript("basic_broadcast");
    has_in_order(&said, &["email_service: to bob: thank you for ord-2"]);
    has_in_order(&said, &["inventory_service: a parcel for ord-2, 2 in all"]);
    has_in_order(&said, &["caused by: there is no order ord-9 (unknown_order)"]);
    // A clause by the type of the event, in an action that is spelled in another way.
    has_in_order(&said, &["email_service: ord-1 was New and is Shipped"]);
    has_in_order(&said, &["email_service: to eve: welcome", "2 parcels are reserved."]);
}

#[test]
fn multiple_channels() {
    let said = transcript("multiple_channels");
    let (before, published) = said.split_once("What was published, in this order:\n").unwrap();
    assert!(before.ends_with("2 users.\n"), "what failed changed nothing: {before}");
    let channels: Vec<_> = published.lines().map(|line| line.rsplit_once(' ').unwrap().1).collect();
    let of_a_user = ["user.events", "analytics.events", "audit.events"];
    assert_eq!(channels, [&of_a_user[..], &of_a_user[..], &["news.bob"]].concat());
}

#[test]
fn channel_patterns() {
    let said = transcript("channel_patterns");
    for (channel, expected) in [
        ("user.events", "yes yes . yes yes"),
        ("user.profile.updated", ". . . . yes"),
        ("order.payment.refunded", ". . yes . yes"),
    ] {
        let row = said.lines().find_map(|line| line.strip_prefix(channel)).unwrap();
        assert_eq!(row.split_whitespace().collect::<Vec<_>>().join(" "), expected, "{channel}");
    }
    let logged = said.lines().filter(|line| line.contains("audit_logger: ")).count();
    assert_eq!(logged, 2 + 3 + 1, "users, orders, one breach and no login: {said}");
    has_in_order(&said, &["pager: breach: something on security.breach"]);
}

#[test]
fn channel_organization() {
    let said = transcript("channel_organization");
    has_in_order(&said, &["finance: payment.processed (1 so far)"]);
    has_in_order(&said, &["operations: stock.eu-1.low", "profile_view: user.profile.updated"]);
    has_in_order(&said, &[r#"c2 -->|"book"| a0"#, r#"c4 -->|"watch"| a1"#, "a0 -.-> c0"]);
}

#[test]
fn external_integration() {
    let said = transcript("external_integration");
    let (_, pages) = said.split_once("What the page of all orders is sent:").unwrap();
    let (all, ann) = pages.split_once("What the page of ann is sent:").unwrap();
    assert_eq!(all.matches("order_id").count(), 3);
    assert!(ann.contains("ord-1") && !ann.contains("ord-2") && ann.contains("ord-3"), "{ann}");
}

#[test]
fn registering_subscribers() {
    let said = transcript("registering_subscribers");
    let sent: Vec<_> = said.lines().filter(|line| line.contains(" -> ")).collect();
    let ends: Vec<_> = sent.iter().map(|line| line.rsplit_once(" -> ").unwrap().1).collect();
    let (fails, takes) = ("503 Service Unavailable", "204 No Content");
    assert_eq!(ends, [fails, fails, takes, takes]);
    assert!(sent[2].contains("seen before") && sent[2].contains("ord-1"), "{said}");
    // What the shop publishes when it is activated is the first that anybody hears of.
    has_in_order(
        &said,
        &["What went over the bridge:", r#"shop.opening Opening { clerk: "nobody yet" }"#],
    );
    has_in_order(&said, &["shop.opening registering_subscribers.Opening: 2"]);
}

#[test]
fn event_sourcing() {
    let said = transcript("event_sourcing");
    assert_eq!(said.matches("what was saved and what was rebuilt is the same").count(), 2);
    has_in_order(&said, &["ann: 3", "bob: 1", "ann: 1", "ann: 0"]);
    assert_eq!(said.matches(" by user_aggregate/").count(), 5, "as many events as were told of");
}

#[test]
fn order_saga() {
    let said = transcript("order_saga");
    has_in_order(
        &said,
        &[
            "ord-1: Completed, done: [Payment, Inventory, Shipping]",
            "ord-2: Compensated, done: []",
            "ord-3: Compensated, done: []",
            "ord-4: Compensated, done: []",
            // Of four orders, one; whatever the others took was given back.
            "2000 cents were earned.",
            "10 of lamp are left.",
            "8 of mug are left.",
        ],
    );
    let undone = ["ord-4: Shipping failed: nobody goes to Atlantis", "ord-4: Inventory undone"];
    has_in_order(&said, &[undone[0], undone[1], "ord-4: Payment undone"]);
}

#[test]
fn circuit_breaker() {
    let said = transcript("circuit_breaker");
    assert_eq!(said.matches("alert, ").count(), 2, "one for each edge, whatever the checks before");
    has_in_order(
        &said,
        &[
            "the breaker was Closed and is Open: a check has failed",
            "refused: the breaker is open; the provider was left alone",
            "the breaker was Open and is HalfOpen: a check has succeeded",
            "the breaker was HalfOpen and is Open: the trial has failed",
            "the breaker was Open and is HalfOpen: a check has succeeded",
            "the breaker was HalfOpen and is Closed: the trial has succeeded",
        ],
    );
}

#[test]
fn efficient_broadcasting() {
    let run = || said("efficient_broadcasting");
    let said = run();
    // The figures of the page are those of one run; others have others.
    assert_eq!(without_times(&said), without_times(&written("efficient_broadcasting", &said)));
    let counts: Vec<_> = measured(&said).iter().map(|row| (row[3], row[2])).collect();
    assert_eq!(counts, [("100", "100"), ("100", "100"), ("100", "100"), ("100", "1")]);
    let takes_longer = |said: &str| {
        let responses: Vec<_> = measured(said).iter().map(|row| millis(row[1])).collect();
        responses[0] > responses[3]
    };
    // A hundred times is usual. The machine may be busy with something else, but not in each of several runs.
    let mut runs = std::iter::once(said).chain(std::iter::repeat_with(run).take(4));
    assert!(runs.any(|said| takes_longer(&said)), "100 commits take longer than one");
}

/// The rows of the table, each from its end.
fn measured(said: &str) -> Vec<Vec<&str>> {
    let rows = said.lines().skip(1);
    rows.map(|row| row.rsplit(' ').filter(|it| !it.is_empty()).collect()).collect()
}

/// A duration as `Debug` prints it.
fn millis(text: &str) -> f64 {
    let unit = text.find(|it: char| it.is_alphabetic()).unwrap();
    let (number, unit) = text.split_at(unit);
    let in_millis = match unit {
        "µs" => 0.001,
        "ms" => 1.0,
        "s" => 1_000.0,
        _ => panic!("{text} is no duration that can be"),
    };
    number.parse::<f64>().unwrap() * in_millis
}

/// The lines with one space between words and `#` for each duration.
fn without_times(said: &str) -> String {
    let is_time =
        |word: &str| word.starts_with(|it: char| it.is_ascii_digit()) && word.ends_with('s');
    let line = |line: &str| {
        let words = line.split_whitespace().map(|word| if is_time(word) { "#" } else { word });
        words.collect::<Vec<_>>().join(" ")
    };
    said.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn testing_broadcasts() {
    let said = transcript("testing_broadcasts");
    has_in_order(&said, &["the probe of the first saw the order of ann", "ord-1 is to be paid"]);
    let complaint = "expected a testing_broadcasts.PaymentDue, got order.events OrderCreated";
    assert!(said.contains(complaint), "{said}");
}

#[test]
fn event_design() {
    let said = transcript("event_design");
    has_in_order(
        &said,
        &[
            "ledger: ord-1: 9900 USD, Web, 0 items, coupon None",
            r#"ledger: ord-2: 1250 USD, App, 1 items, coupon Some("SPRING")"#,
            // A number that the older program does not know.
            "old_mailer: to bob: ord-2, 1250 USD, Unspecified",
        ],
    );
}

#[test]
fn error_handling() {
    let said = transcript("error_handling");
    let attempts = |order: &str| said.matches(&format!("billing: {order}, attempt")).count();
    assert_eq!(attempts("ord-1"), 2, "retried until it is charged");
    assert_eq!(attempts("ord-2"), 0, "never came to the bank");
    assert_eq!(attempts("ord-3"), 3 + 2, "given up after three, replayed twice");
    has_in_order(
        &said,
        &["5000 cents are charged.", "0 dead letters are left, 8000 cents are charged."],
    );
    assert_eq!(said.matches("InvalidName").count(), 2);
    has_in_order(&said, &["1 published, without an event", "Stopped: the system has stopped"]);
}
