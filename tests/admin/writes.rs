//! What can be done, and the line that is logged of it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::http::{json, post};
use crate::kit::{Cook, give_up, served, until};
use crate::logged::Logged;

async fn letters(address: std::net::SocketAddr) -> Vec<u64> {
    let all = json(address, "/api/dead-letters").await;
    all["items"].as_array().unwrap().iter().map(|it| it["id"].as_u64().unwrap()).collect()
}

/// The one line, without the port.
fn line(logged: &Logged) -> String {
    let mut lines = logged.take();
    assert_eq!(lines.len(), 1, "{lines:?}");
    let line = lines.remove(0);
    let (before, after) = line.split_once("who=127.0.0.1:").unwrap();
    let (port, after) = after.split_once(' ').unwrap();
    assert!(port.parse::<u16>().is_ok(), "{port}");
    format!("{before}who=127.0.0.1 {after}")
}

#[tokio::test]
async fn a_dead_letter_is_replayed() {
    let (system, hands, address) = served().await;
    give_up(&system, 2).await;
    let (logged, _listening) = Logged::listen();

    let failed = post(address, "/api/dead-letters/1/replay").await;
    assert_eq!((failed.status, failed.code().as_str()), (422, "action"), "{failed:?}");
    let message = "`book` of ledger: failed: the ledger is closed (closed)";
    assert_eq!(failed.json()["error"]["message"], message);
    assert_eq!(letters(address).await, [1, 2], "it stays");
    assert_eq!(line(&logged), format!("INFO what=replay id=1 who=127.0.0.1 result={message}"));

    hands.is_open.store(true, Ordering::SeqCst);
    let done = post(address, "/api/dead-letters/1/replay").await;
    assert_eq!((done.status, done.body.as_str()), (200, r#"{"replayed":1}"#));
    assert_eq!(letters(address).await, [2]);
    assert_eq!(hands.booked.load(Ordering::SeqCst), 10);
    assert_eq!(line(&logged), "INFO what=replay id=1 who=127.0.0.1 result=done");

    let again = post(address, "/api/dead-letters/1/replay").await;
    assert_eq!((again.status, again.code().as_str()), (404, "not_found"));
    assert_eq!(hands.booked.load(Ordering::SeqCst), 10, "once");
    let none = "INFO what=replay id=1 who=127.0.0.1 result=there is no dead letter 1";
    assert_eq!(line(&logged), none);
}

#[tokio::test]
async fn a_dead_letter_is_discarded() {
    let (system, _hands, address) = served().await;
    give_up(&system, 1).await;
    let (logged, _listening) = Logged::listen();
    let done = post(address, "/api/dead-letters/1/discard").await;
    assert_eq!((done.status, done.body.as_str()), (200, r#"{"discarded":1}"#));
    assert_eq!(line(&logged), "INFO what=discard id=1 who=127.0.0.1 result=done");
    assert_eq!(letters(address).await, [0; 0]);
    let again = post(address, "/api/dead-letters/1/discard").await;
    assert_eq!((again.status, again.code().as_str()), (404, "not_found"));
    let none = "INFO what=discard id=1 who=127.0.0.1 result=there is no dead letter 1";
    assert_eq!(line(&logged), none);
}

#[tokio::test]
async fn a_call_that_waits_is_cancelled() {
    let (system, _hands, address) = served().await;
    let id = system.actor::<Cook>().clean().delay(Duration::from_mins(10)).await.unwrap();
    let (logged, _listening) = Logged::listen();
    let path = format!("/api/schedules/{id}/cancel");
    assert_eq!(post(address, &path).await.status, 200);
    assert_eq!(line(&logged), format!("INFO what=cancel id={id} who=127.0.0.1 result=done"));
    assert_eq!(json(address, "/api/schedules").await["items"], serde_json::json!([]));
    assert_eq!(post(address, &path).await.status, 404);
    let none = format!("result=there is no call {id} that waits");
    assert!(line(&logged).ends_with(&none));
}

#[tokio::test]
async fn the_dead_letter_of_an_external_subscriber_is_replayed() {
    let (system, hands, address) = served().await;
    system.broadcast(spawn::Broadcast::to("partner.orders", 7_i64)).await.unwrap();
    until("a dead letter", async || (letters(address).await == [1]).then_some(())).await;
    let failed = post(address, "/api/dead-letters/1/replay").await;
    assert_eq!(failed.status, 422, "{failed:?}");
    assert!(failed.body.contains("the partner is away"), "{failed:?}");
    hands.partner_is_open.store(true, Ordering::SeqCst);
    assert_eq!(post(address, "/api/dead-letters/1/replay").await.status, 200);
    assert_eq!(*hands.had_by_partner.lock(), [(7, 2)], "at its next attempt");
    assert_eq!(letters(address).await, [0; 0]);
    // And goes on with what comes then.
    system.broadcast(spawn::Broadcast::to("partner.orders", 8_i64)).await.unwrap();
    system.settled().await;
    assert_eq!(*hands.had_by_partner.lock(), [(7, 2), (8, 1)]);
}

#[tokio::test]
async fn what_names_nothing_is_refused() {
    let (_system, _hands, address) = served().await;
    for (path, status) in [
        ("/api/dead-letters/x/replay", 400),
        ("/api/dead-letters/-1/discard", 400),
        ("/api/dead-letters/99999999999999999999/replay", 400),
        ("/api/dead-letters/%FF/replay", 400),
        ("/api/dead-letters/0/replay", 404),
        ("/api/dead-letters/18446744073709551615/replay", 404),
        ("/api/dead-letters/18446744073709551615/discard", 404),
        ("/api/schedules/18446744073709551615/cancel", 404),
        ("/api/schedules/1/replay", 404),
        ("/api/overview", 405),
    ] {
        let answer = post(address, path).await;
        assert_eq!(answer.status, status, "{path}: {answer:?}");
        assert!(answer.json()["error"]["code"].is_string(), "{path}");
    }
}
