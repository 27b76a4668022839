//! How it is served, and when it ends.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::Ordering;

use axum::Router;
use spawn::admin::AdminError;
use spawn::prelude::*;
use tokio::net::{TcpListener, TcpStream};

use crate::http::{get, json};
use crate::kit::{Cart, Cook, serve, served, shop, until};

#[path = "../durable/faulty.rs"]
#[expect(dead_code, reason = "it can do more")]
mod faulty;

#[tokio::test]
async fn other_machines_need_a_token() {
    let (system, _hands) = shop().await;
    let open: [SocketAddr; 3] = [
        (Ipv4Addr::UNSPECIFIED, 0).into(),
        (Ipv6Addr::UNSPECIFIED, 0).into(),
        (Ipv4Addr::new(192, 168, 0, 1), 9640).into(),
    ];
    for address in open {
        let refused = system.admin().bind(address).serve().await.unwrap_err();
        assert!(matches!(refused, AdminError::TokenRequired(it) if it == address), "{refused:?}");
        assert!(refused.to_string().contains("`.token(..)`"), "{refused}");
    }
    for token in ["", "with blank", "ümlaut", "line\nbreak"] {
        let refused = system.admin().bind((Ipv4Addr::LOCALHOST, 0)).token(token).serve().await;
        assert!(matches!(refused, Err(AdminError::InvalidToken(_))), "{token:?}: {refused:?}");
    }
    let everywhere = system.admin().bind((Ipv4Addr::UNSPECIFIED, 0)).token("t0ken");
    assert!(!format!("{everywhere:?}").contains("t0ken"), "it is not shown");
    let server = everywhere.serve().await.unwrap();
    assert_ne!(server.address().port(), 0);
    server.stop().await;
}

#[tokio::test]
async fn an_address_that_is_taken_is_an_error() {
    let (system, _hands, address) = served().await;
    let refused = system.admin().bind(address).serve().await.unwrap_err();
    assert!(matches!(refused, AdminError::Bind { address: it, .. } if it == address));
    assert!(refused.to_string().contains(&address.to_string()));
}

#[tokio::test]
async fn it_ends_with_the_system_and_keeps_none_alive() {
    let (system, hands, address) = served().await;
    hands.is_open.store(true, Ordering::SeqCst);
    assert_eq!(get(address, "/ready").await.status, 200);
    system.shutdown().await.unwrap();
    until("the end", async || TcpStream::connect(address).await.is_err().then_some(())).await;

    let (system, _hands, address) = served().await;
    drop(system);
    until("the end", async || TcpStream::connect(address).await.is_err().then_some(())).await;
}

#[tokio::test]
async fn it_ends_when_it_is_told_to() {
    let (system, _hands) = shop().await;
    let server = serve(&system).await;
    let address = server.address();
    assert_eq!(get(address, "/live").await.status, 200);
    server.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_system_that_stops_is_live_and_not_ready() {
    let (system, _hands, address) = served().await;
    // The cook is busy, so that the shutdown waits.
    system.actor_by_id::<Cart>("ann").add(1).await.unwrap();
    until("the cook", async || {
        let active = json(address, "/api/actors/active?after=cart/zz").await;
        (active["items"][0]["busy"] == true).then_some(())
    })
    .await;
    let stopping = tokio::spawn(system.clone().shutdown());
    until("not ready", async || (get(address, "/ready").await.status == 503).then_some(())).await;
    assert_eq!(get(address, "/ready").await.json()["status"], "stopped");
    assert_eq!(get(address, "/live").await.status, 200);
    let overview = json(address, "/api/overview").await;
    assert_eq!(overview["accepts"], false, "what it still does can be seen");
    stopping.abort();
}

#[tokio::test]
async fn a_disk_that_fails_is_not_ready() {
    let store = faulty::Faulty::new();
    let hands = std::sync::Arc::new(crate::kit::Hands::default());
    let system = System::builder("shop")
        .store(store.clone())
        .only::<(Cart, Cook)>()
        .resource(hands)
        .start()
        .await
        .unwrap();
    let address = serve(&system).await.address();
    let ann = system.actor_by_id::<Cart>("ann");
    ann.note("one".to_owned()).await.unwrap();
    assert_eq!(get(address, "/ready").await.status, 200);
    store.faults.fail_next.store(true, Ordering::SeqCst);
    ann.note("two".to_owned()).await.unwrap_err();
    let answer = get(address, "/ready").await;
    assert_eq!((answer.status, &answer.json()["status"]), (503, &"unhealthy".into()));
    ann.note("three".to_owned()).await.unwrap();
    assert_eq!(get(address, "/ready").await.status, 200);
}

#[tokio::test]
async fn it_can_be_nested_anywhere() {
    let (system, _hands) = shop().await;
    let app = Router::new().nest("/ops/admin", spawn::admin::router(&system));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, app).into_future());

    let redirect = get(address, "/ops/admin").await;
    assert_eq!((redirect.status, redirect.header("location")), (307, Some("admin/page")));
    let page = get(address, "/ops/admin/page").await;
    assert_eq!(page.status, 200, "{page:?}");
    assert!(page.body.contains("<!doctype html>"), "{page:?}");
    assert_eq!(get(address, "/ops/admin/admin.js").await.status, 200);
    assert_eq!(json(address, "/ops/admin/api/overview").await["system"], "shop");
    assert_eq!(get(address, "/ops/admin/live").await.status, 200);
    assert_eq!(get(address, "/ops/admin/nothing").await.code(), "not_found");

    system.shutdown().await.unwrap();
    let stopped = get(address, "/ops/admin/api/overview").await;
    assert_eq!((stopped.status, stopped.code().as_str()), (503, "stopped"));
    assert_eq!(get(address, "/ops/admin/ready").await.status, 503);
}

#[tokio::test]
async fn the_metrics_of_the_program_are_given_to_whoever_may_see_the_rest() {
    let metrics = spawn::prometheus::install().unwrap();
    let (system, _hands) = shop().await;
    let admin = || system.admin().bind((Ipv4Addr::LOCALHOST, 0));
    let without = admin().serve().await.unwrap().address();
    assert_eq!(get(without, "/metrics").await.status, 404);
    system.actor_by_id::<Cart>("ann").add(1).await.unwrap();
    let open = admin().metrics(metrics.clone()).serve().await.unwrap().address();
    let answer = get(open, "/metrics").await;
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4"));
    assert!(answer.body.contains("spawn_actions_total"), "{answer:?}");
    let guarded = admin().metrics(metrics).token("t0ken").serve().await.unwrap().address();
    assert_eq!(get(guarded, "/metrics").await.status, 401);
}
