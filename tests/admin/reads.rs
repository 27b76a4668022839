//! What can be seen.

use std::sync::atomic::Ordering;
use std::time::Duration;

use std::sync::Arc;

use serde_json::{Value as Json, json};
use spawn::store::Memory;
use spawn::{Broadcast, System};

use crate::http::{get, json};
use crate::kit::{
    Cart, Cook, Crew, Hands, Ledger, OrderPlaced, Table, give_up, serve, served, until,
};

fn texts(items: &Json, field: &str) -> Vec<String> {
    items.as_array().unwrap().iter().map(|it| it[field].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_the_program_defines() {
    let (_system, _hands, address) = served().await;
    let definitions = json(address, "/api/definitions").await;
    assert_eq!(texts(&definitions, "name"), ["cart", "cook", "ledger"]);
    let ledger = &definitions[2];
    assert_eq!((&ledger["kind"], &ledger["stateful"]), (&json!("named"), &json!(true)));
    assert_eq!(ledger["actions"][0]["clauses"][0]["payload"], "admin.OrderPlaced");
    assert_eq!(ledger["channels"][0]["pattern"], "order.placed");

    let topology = json(address, "/api/topology").await;
    assert!(topology["mermaid"].as_str().unwrap().starts_with("flowchart LR\n"));
    let names = texts(&topology["nodes"], "name");
    assert_eq!(
        names,
        ["cart", "cook", "ledger", "partner", "cart.noted", "order.placed", "partner.>"]
    );
    let edges = topology["edges"].as_array().unwrap();
    let published = json!({ "from": "a0", "to": "c1", "link": "published" });
    assert!(edges.contains(&published), "{edges:?}");
    let handled = json!({ "from": "c1", "to": "a2", "link": "handled", "action": "book" });
    assert!(edges.contains(&handled), "{edges:?}");
}

#[tokio::test]
async fn who_is_in_memory_page_by_page() {
    let (system, hands, address) = served().await;
    hands.is_open.store(true, Ordering::SeqCst);
    for id in ["d", "b", "a", "c"] {
        system.actor_by_id::<Cart>(id).add(1).await.unwrap();
    }
    system.actor_by_id::<Cart>("b").add(1).await.unwrap();
    // The cook is busy with the first order, and has these waiting.
    until("the cook", async || {
        let active = json(address, "/api/actors/active?after=cart/zz").await;
        (active["items"][0]["busy"] == true).then_some(())
    })
    .await;
    for _ in 0..3 {
        system.actor::<Cook>().clean().cast().await.unwrap();
    }
    let first = json(address, "/api/actors/active?limit=3").await;
    assert_eq!(texts(&first["items"], "id"), ["cart/a", "cart/b", "cart/c"]);
    assert_eq!(first["items"][1]["revision"], 2);
    assert_eq!(first["next"], "cart/c");
    let second = json(address, "/api/actors/active?limit=3&after=cart/c").await;
    assert_eq!(texts(&second["items"], "id"), ["cart/d", "cook", "ledger"]);
    assert_eq!(second["next"], Json::Null);
    let cook = &second["items"][1];
    assert_eq!((&cook["waiting"], &cook["busy"]), (&json!(3), &json!(true)));
    assert_eq!(cook["revision"], Json::Null, "it has no state to have a revision of");
    assert!(cook["events"].as_u64().unwrap() >= 3, "{cook}");
    let since = cook["since"].as_str().unwrap();
    assert!(since.starts_with("20") && since.ends_with('Z'), "{since}");
}

#[tokio::test]
async fn the_members_of_a_pool_page_by_page() {
    let builder = System::builder("pool").in_memory().only::<(Crew, Cook)>();
    let builder = builder.resource(Table(tokio::sync::Barrier::new(3)));
    let system = builder.resource(Arc::new(Hands::default())).start().await.unwrap();
    let address = serve(&system).await.address();
    let crew = system.actor::<Crew>();
    let meet = || crew.meet();
    let (one, two, three) = tokio::join!(meet(), meet(), meet());
    one.and(two).and(three).unwrap();
    system.actor::<Cook>().clean().await.unwrap();
    let all = ["cook", "crew/1", "crew/2", "crew/3"];
    for limit in 1..=4 {
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/actors/active?limit={limit}&after={after}");
            let page = json(address, &path).await;
            found.extend(texts(&page["items"], "id"));
            match page["next"].as_str() {
                Some(next) => after = next.to_owned(),
                None => break,
            }
        }
        assert_eq!(found, all, "{limit} at once");
    }
}

#[tokio::test]
async fn who_was_saved_by_name_by_text_page_by_page() {
    let (system, _hands, address) = served().await;
    for id in ["ann", "anton", "bea", "x/y z?&"] {
        system.actor_by_id::<Cart>(id).add(1).await.unwrap();
    }
    let all = json(address, "/api/actors/stored?name=cart").await;
    assert_eq!(all["items"], json!(["cart/ann", "cart/anton", "cart/bea", "cart/x/y z?&"]));
    let page = json(address, "/api/actors/stored?search=an&limit=1").await;
    assert_eq!(page, json!({ "items": ["cart/ann"], "next": "cart/ann" }));
    let page = json(address, "/api/actors/stored?search=an&limit=1&after=cart/ann").await;
    assert_eq!(page, json!({ "items": ["cart/anton"], "next": null }));
    let none = json(address, "/api/actors/stored?name=cook").await;
    assert_eq!(none["items"], json!([]), "it is not durable");
    let (system, _hands, quiet) = served().await;
    let none = json(quiet, "/api/actors/stored").await;
    assert_eq!(none["items"], json!([]), "nothing was ever saved of the ledger");
    drop(system);
    let odd = json(address, "/api/actors/state?id=cart%2Fx%2Fy%20z%3F%26").await;
    assert_eq!(odd["id"], "cart/x/y z?&");
}

#[tokio::test]
async fn a_state_by_revision() {
    let (system, _hands, address) = served().await;
    for price in [5, 7, 9] {
        system.actor_by_id::<Cart>("ann").add(price).await.unwrap();
    }
    let newest = json(address, "/api/actors/state?id=cart/ann").await;
    assert_eq!(newest["revision"], 3);
    assert_eq!(newest["state"]["type"], "admin.Cart");
    assert_eq!(newest["state"]["json"]["count"], "3", "64-bit numbers are text in protobuf's JSON");
    let second = json(address, "/api/actors/state?id=cart/ann&revision=2").await;
    assert_eq!(
        second["state"]["json"],
        json!({ "count": "2", "prices": { "p1": "5", "p2": "7" } })
    );
    let kept: Vec<_> =
        second["kept"].as_array().unwrap().iter().map(|it| it["revision"].clone()).collect();
    assert_eq!(kept, [3, 2, 1]);
    assert_eq!(json(address, "/api/actors/history?id=cart/ann").await, second["kept"]);
}

#[tokio::test]
async fn how_far_subscribers_are_behind() {
    let (system, hands, address) = served().await;
    hands.is_open.store(true, Ordering::SeqCst);
    for _ in 0..4 {
        system.actor_by_id::<Cart>("ann").add(1).await.unwrap();
    }
    let lag_of = async |name: &str| {
        let all = json(address, "/api/subscriptions").await;
        all.as_array().unwrap().iter().find(|it| it["subscriber"] == name).unwrap().clone()
    };
    until("the ledger", async || (lag_of("ledger").await["lag"] == 0).then_some(())).await;
    tokio::time::sleep(Duration::from_millis(60)).await;
    let behind = lag_of("cook").await;
    assert_eq!((&behind["lag"], &behind["known"]), (&json!(4), &json!(true)));
    assert!(behind["lag_seconds"].as_f64().unwrap() >= 0.05, "{behind}");
    assert!(behind["oldest"].is_string());
    let partner = lag_of("external:partner").await;
    assert_eq!((&partner["lag"], &partner["known"]), (&json!(0), &json!(true)));

    hands.done.notify_one();
    until("one less", async || (lag_of("cook").await["lag"] == 3).then_some(())).await;
}

#[tokio::test]
async fn what_was_published() {
    let (system, _hands, address) = served().await;
    let ann = system.actor_by_id::<Cart>("ann");
    for price in 1..=5 {
        ann.add(price).await.unwrap();
        ann.note(format!("note {price}")).await.unwrap();
    }
    let newest = json(address, "/api/log?channel=cart.*&limit=2").await;
    let payloads: Vec<_> =
        newest["items"].as_array().unwrap().iter().map(|it| &it["payload"]).collect();
    assert_eq!(payloads[0]["json"], json!({ "text": "note 5" }));
    assert_eq!(payloads[0]["type"], "spawn.json.Note");
    assert_eq!(payloads[1]["json"], json!({ "text": "note 4" }));
    assert_eq!(newest["items"][0]["publisher"], "cart/ann");
    let before = format!("/api/log?channel=cart.*&limit=2&before={}", newest["next"]);
    let before = json(address, &before).await;
    assert_eq!(before["items"][0]["payload"]["json"], json!({ "text": "note 3" }));

    let first = json(address, "/api/log?channel=order.placed&after=0&limit=1").await;
    assert_eq!(first["items"][0]["payload"]["json"], json!({ "order_id": "o1", "cents": "1" }));
    let next = format!("/api/log?channel=order.placed&after={}&limit=9", first["next"]);
    let rest = json(address, &next).await;
    assert_eq!(rest["items"].as_array().unwrap().len(), 4);
    assert_eq!(rest["next"], Json::Null);
}

#[tokio::test]
async fn an_overview_of_it_all() {
    let (system, _hands, address) = served().await;
    give_up(&system, 2).await;
    system.actor::<Cook>().clean().delay(Duration::from_mins(10)).await.unwrap();
    let overview = json(address, "/api/overview").await;
    assert_eq!((&overview["system"], &overview["epoch"]), (&json!("shop"), &json!(1)));
    assert_eq!((&overview["healthy"], &overview["accepts"]), (&json!(true), &json!(true)));
    assert_eq!(overview["active"], 3);
    assert_eq!(texts(&overview["actors"]["items"], "id"), ["cart/ann", "cook", "ledger"]);
    let letters = overview["dead_letters"]["items"].as_array().unwrap();
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0]["subscriber"], "ledger");
    assert!(letters[0]["error"].as_str().unwrap().contains("the ledger is closed"));
    assert_eq!(letters[0]["event"]["payload"]["json"]["cents"], "10");
    let waiting = &overview["schedules"]["items"][0];
    assert_eq!((&waiting["target"], &waiting["action"]), (&json!("cook"), &json!("clean")));
}

#[tokio::test]
async fn when_what_waits_is_due() {
    let (system, _hands, address) = served().await;
    let ann = system.actor_by_id::<Cart>("ann");
    ann.add(1).await.unwrap();
    until("the cook", async || {
        let active = json(address, "/api/actors/active?after=cart/zz").await;
        (active["items"][0]["busy"] == true).then_some(())
    })
    .await;
    ann.spill().await.unwrap();
    system.actor::<Cook>().clean().delay(Duration::from_mins(10)).await.unwrap();
    let waiting = json(address, "/api/schedules").await;
    assert_eq!(texts(&waiting["items"], "action"), ["clean", "clean"]);
    assert_eq!(waiting["items"][0]["due"], Json::Null, "the effect waits for the cook alone");
    let due = waiting["items"][1]["due"].as_str().unwrap();
    assert!(due.starts_with("20") && due.ends_with('Z'), "{due}");
}

#[tokio::test]
async fn what_is_not_there_and_what_makes_no_sense() {
    let (system, _hands, address) = served().await;
    system.actor_by_id::<Cart>("ann").add(1).await.unwrap();
    for (path, status, code) in [
        ("/api/actors/state", 400, "bad_request"),
        ("/api/actors/state?id=a%20b", 400, "invalid_name"),
        ("/api/actors/state?id=cart/%0A", 400, "invalid_name"),
        ("/api/actors/state?id=cart/nobody", 404, "not_found"),
        ("/api/actors/state?id=nothing", 404, "not_found"),
        ("/api/actors/history?id=nothing", 404, "not_found"),
        ("/api/actors/state?id=cart/ann&revision=9", 404, "not_found"),
        ("/api/actors/state?id=cart/ann&revision=-1", 400, "bad_request"),
        ("/api/actors/active?limit=0", 400, "bad_request"),
        ("/api/actors/active?limit=501", 400, "bad_request"),
        ("/api/actors/active?after=a%20b", 400, "invalid_name"),
        ("/api/dead-letters?after=x", 400, "bad_request"),
        ("/api/dead-letters?after=99999999999999999999", 400, "bad_request"),
        ("/api/log?channel=order..placed", 400, "invalid_name"),
        ("/api/log?after=1&before=2", 400, "bad_request"),
        ("/api/nothing", 404, "not_found"),
        ("/nothing", 404, "not_found"),
        ("/api/dead-letters/1/replay", 405, "method_not_allowed"),
    ] {
        let answer = get(address, path).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{path}: {answer:?}");
        assert!(!answer.json()["error"]["message"].as_str().unwrap().is_empty(), "{path}");
    }
}

#[tokio::test]
async fn who_is_far_behind_does_not_hide_who_is_near() {
    let store = Memory::new();
    let hands = Arc::new(Hands::default());
    hands.is_open.store(true, Ordering::SeqCst);
    let begin = || System::builder("shop").store(store.clone()).resource(Arc::clone(&hands));
    let publish = async |system: &System, count: usize| {
        let placed = OrderPlaced { order_id: "o".to_owned(), cents: 1 };
        let many = (0..count).map(|_| ("order.placed", placed.clone()));
        system.broadcast(many.collect::<Broadcast>()).await.unwrap();
        system.settled().await;
    };
    // The cook is known, and has had nothing; the ledger everything but the last three.
    begin().only::<(Cook,)>().start().await.unwrap().shutdown().await.unwrap();
    let system = begin().only::<(Ledger,)>().start().await.unwrap();
    publish(&system, 12_000).await;
    system.shutdown().await.unwrap();
    let system = begin().only::<(Cart,)>().start().await.unwrap();
    publish(&system, 3).await;
    let address = serve(&system).await.address();
    let all = json(address, "/api/subscriptions").await;
    let of = |name: &str| {
        let found = all.as_array().unwrap().iter().find(|it| it["subscriber"] == name).unwrap();
        ["lag", "at_least", "known"].map(|field| found[field].clone())
    };
    assert_eq!(of("cook"), [json!(10_240), json!(true), json!(false)]);
    assert_eq!(of("ledger"), [json!(3), json!(false), json!(false)]);
}
