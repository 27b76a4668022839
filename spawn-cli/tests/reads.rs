//! What can be seen of a system that is stopped.

use serde_json::{Value, json};

use crate::kit::{Said, cli, filled};

/// The lines, the blanks between the columns reduced to one.
fn lines(said: &Said) -> Vec<String> {
    assert_eq!((said.status, said.err.as_str()), (0, ""), "{said:?}");
    said.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[tokio::test]
async fn how_much_there_is() {
    let data = filled().await;
    let found = cli(data.path(), &["--json", "overview"]).json();
    let numbers = ["actors", "states", "subscriptions", "schedules", "dead_letters", "starts"];
    let numbers: Vec<_> = numbers.iter().map(|name| found[name].as_u64().unwrap()).collect();
    // The ledger has saved its place in the channel, and no state.
    assert_eq!(numbers, [3, 3, 2, 1, 4, 1]);
    assert_eq!(found["encrypted"], false);
    let text = lines(&cli(data.path(), &["overview"]));
    assert!(text.contains(&"dead letters 4".to_owned()), "{text:?}");
}

#[tokio::test]
async fn actors_and_their_states() {
    let data = filled().await;
    let all = cli(data.path(), &["actors", "--json"]).json();
    let ids: Vec<_> = all.as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    assert_eq!(ids, ["cart/ann", "cart/bea", "ledger"]);
    assert_eq!((&all[0]["revision"], &all[0]["kept"]), (&json!(2), &json!(2)));
    assert_eq!(all[2]["type"], Value::Null);
    let some = lines(&cli(data.path(), &["actors", "be"]));
    assert_eq!(some.len(), 2, "{some:?}");
    assert!(some[1].starts_with("cart/bea 1 1 "), "{some:?}");
    let page =
        cli(data.path(), &["actors", "--limit", "1", "--after", "cart/ann", "--json"]).json();
    assert_eq!((page.as_array().unwrap().len(), &page[0]["id"]), (1, &json!("cart/bea")));
    let none = lines(&cli(data.path(), &["actors", "nobody"]));
    assert_eq!(none, ["no actor was saved whose id has that in it"]);

    let state = cli(data.path(), &["state", "cart", "ann", "--json"]).json();
    assert_eq!((&state["revision"], &state["tags"]), (&json!(2), &json!({ "region": "eu" })));
    let fields = json!({ "1": 2, "2": { "base64": "9AO8BQ==" }, "3": "Ann", "4": { "1": "Tromsø", "2": 9_008 } });
    assert_eq!(state["state"]["fields"], fields);
    let first = lines(&cli(data.path(), &["state", "cart/ann", "--revision", "1"]));
    assert!(first[0].starts_with("cart/ann revision 1 20"), "{first:?}");
    assert!(first[0].ends_with(" cli.Cart 25 bytes"), "{first:?}");
    let rest = [
        "tag region: eu",
        "1: 1",
        "2: bytes \"9AM=\"",
        "3: \"Ann\"",
        "4:",
        "1: \"Tromsø\"",
        "2: 9008",
    ];
    assert_eq!(first[1..], rest);
    let history = lines(&cli(data.path(), &["history", "cart", "ann"]));
    assert_eq!(history.len(), 3);
    assert!(history[2].contains("cli.Cart 1: 2, 2: bytes"), "{history:?}");
}

#[tokio::test]
async fn channels_events_and_who_is_how_far() {
    let data = filled().await;
    let channels = cli(data.path(), &["channels", "--json"]).json();
    let names: Vec<_> = channels.as_array().unwrap().iter().map(|it| &it["channel"]).collect();
    assert_eq!(names, ["cart.noted", "order.placed", "partner.orders", "spawn.dead_letters"]);
    assert_eq!(channels[1]["events"], 3);

    let log = cli(data.path(), &["log", "cart.*", "--limit", "2", "--json"]).json();
    let payloads: Vec<_> = log.as_array().unwrap().iter().map(|it| &it["payload"]).collect();
    assert_eq!(payloads[0]["json"], json!({ "text": "for 500" }));
    assert_eq!(payloads[1]["type"], "spawn.json.Note");
    let after = log[1]["position"].as_u64().unwrap().to_string();
    let rest = cli(data.path(), &["log", "cart.*", "--after", &after, "--json"]).json();
    assert_eq!(rest.as_array().unwrap().len(), 1);

    for name in ["subscriptions", "lag"] {
        let all = cli(data.path(), &[name, "--json"]).json();
        let lags: Vec<_> = all
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["subscriber"].as_str().unwrap(), it["lag"].as_u64().unwrap()))
            .collect();
        assert_eq!(lags, [("ledger", 0), ("external:partner", 0)]);
    }
}

#[tokio::test]
async fn what_nobody_has_handled_yet() {
    let data = filled().await;
    let (system, hands) = crate::kit::start(data.path()).await;
    system.shutdown().await.unwrap();
    // As if the program had been killed before the ledger had the events: it goes on from an earlier place.
    let connection = rusqlite::Connection::open(data.path().join("spawn.db")).unwrap();
    connection
        .execute("UPDATE actors SET position = 0, subscription = 0 WHERE key = 'ledger'", ())
        .unwrap();
    drop((connection, hands));
    let all = cli(data.path(), &["lag", "--json"]).json();
    assert_eq!((&all[0]["subscriber"], &all[0]["lag"]), (&json!("ledger"), &json!(3)));
    assert!(all[0]["lag_seconds"].as_f64().unwrap() > 0.0);
}

#[tokio::test]
async fn what_waits_and_what_was_given_up() {
    let data = filled().await;
    let waiting = lines(&cli(data.path(), &["schedules"]));
    assert!(waiting[1].contains(" ledger close_month 0"), "{waiting:?}");
    let letters = cli(data.path(), &["dead-letters", "--json"]).json();
    let letters = letters.as_array().unwrap();
    assert_eq!(letters.len(), 4);
    let of_ledger: Vec<_> = letters.iter().filter(|it| it["subscriber"] == "ledger").collect();
    assert_eq!(of_ledger[0]["source"]["event"]["channel"], "order.placed");
    assert_eq!(
        of_ledger[0]["source"]["event"]["payload"]["fields"],
        json!({ "1": "o1", "2": 500 })
    );
    assert!(of_ledger[0]["error"].as_str().unwrap().contains("the ledger is closed"));
    let after = letters[2]["id"].as_u64().unwrap().to_string();
    let page = cli(data.path(), &["dead-letters", "--after", &after, "--json"]).json();
    assert_eq!(page.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_due_at_once() {
    let data = filled().await;
    // As an effect is stored that the program was killed with.
    let connection = rusqlite::Connection::open(data.path().join("spawn.db")).unwrap();
    connection.execute("UPDATE calls SET due = 0", ()).unwrap();
    let waiting = cli(data.path(), &["schedules", "--json"]).json();
    assert_eq!(waiting[0]["due"], Value::Null);
    let waiting = lines(&cli(data.path(), &["schedules"]));
    assert_eq!(waiting[1], "1 at once ledger close_month 0");
}
