//! What the live dashboard answers, and what it streams, without a browser.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Child;
use std::time::Duration;

use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use super::{example, text};

/// How many rows the feed keeps.
const KEPT: usize = 200;

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(directory: &Path) -> Self {
        let mut child = example("live_dashboard", directory).arg("0").spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        assert!(address.starts_with("http://127.0.0.1:"), "{address}");
        Self { child, address: address.trim_end().to_owned() }
    }

    async fn ask(
        &self,
        request: axum::http::request::Builder,
        path: &str,
        body: String,
    ) -> Response {
        let request = request.uri(format!("{}{path}", self.address)).body(body).unwrap();
        let client = Client::builder(TokioExecutor::new()).build_http();
        client.request(request).await.unwrap().map(axum::body::Body::new)
    }

    /// The status of the answer, and what it says.
    async fn post(&self, path: &str, key: &str, body: &Value) -> (StatusCode, Value) {
        let mut request = Request::post("/").header(header::CONTENT_TYPE, "application/json");
        if !key.is_empty() {
            request = request.header("idempotency-key", key);
        }
        let answer = self.ask(request, path, body.to_string()).await;
        let status = answer.status();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    async fn order(&self, item: &str, amount: i64) -> (StatusCode, Value) {
        let order = json!({ "customer": "ada@example.org", "item": item, "amount": amount });
        self.post("/orders", "", &order).await
    }

    /// What a page is sent that had the row `last`.
    async fn events(&self, last: &str) -> Events {
        let mut request = Request::get("/");
        if !last.is_empty() {
            request = request.header("last-event-id", last);
        }
        let answer = self.ask(request, "/events", String::new()).await;
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
        Events { answer, read: String::new() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// An event of the stream.
#[derive(Debug, Default)]
struct Sent {
    event: String,
    id: String,
    data: Value,
}

impl Sent {
    /// What happened, by its name.
    fn name(&self) -> &str {
        let what = &self.data["what"];
        let names = ["user_id", "order_id", "notification_id"];
        names.iter().find_map(|name| what[*name].as_str()).unwrap_or(&self.event)
    }
}

struct Events {
    answer: Response,
    read: String,
}

impl Events {
    async fn next(&mut self) -> Sent {
        let next = tokio::time::timeout(Duration::from_secs(30), self.read()).await;
        next.unwrap_or_else(|_| panic!("no other event came"))
    }

    async fn read(&mut self) -> Sent {
        loop {
            let Some((block, _)) = self.read.split_once("\n\n") else {
                let frame = self.answer.body_mut().frame().await.unwrap().unwrap();
                self.read.push_str(&text(&frame.into_data().unwrap()));
                continue;
            };
            let mut sent = Sent::default();
            for (name, value) in block.lines().filter_map(|line| line.split_once(": ")) {
                match name {
                    "event" => value.clone_into(&mut sent.event),
                    "id" => value.clone_into(&mut sent.id),
                    "data" => sent.data = serde_json::from_str(value).unwrap(),
                    _ => {}
                }
            }
            let end = block.len() + 2;
            self.read.drain(..end);
            // What has no data is none to a browser.
            if !sent.data.is_null() {
                return sent;
            }
        }
    }

    /// The names of the events up to this one.
    async fn until(&mut self, last: &str) -> Vec<String> {
        let mut names = Vec::new();
        while names.last().is_none_or(|name| name != last) {
            names.push(self.next().await.name().to_owned());
        }
        names
    }
}

#[tokio::test]
async fn the_page_comes_from_one_place() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    let files = [
        ("/", "text/html; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/dashboard.js", "text/javascript; charset=utf-8"),
    ];
    for (path, kind) in files {
        let answer = server.ask(Request::get("/"), path, String::new()).await;
        assert_eq!(answer.headers()[header::CONTENT_TYPE], kind);
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self'"), "{policy}");
        let content = text(&answer.into_body().collect().await.unwrap().to_bytes());
        let others =
            content.matches("://").count() - content.matches("http://www.w3.org/2000/svg").count();
        assert_eq!(others, 0, "{path} names another place");
    }
}

#[tokio::test]
async fn what_is_refused_has_a_code_and_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    let refused = [
        ("/orders", json!({ "customer": "a", "item": "b", "amount": 100_001 }), "card_declined"),
        ("/orders", json!({ "customer": "a", "item": "b", "amount": 0 }), "nothing_to_pay"),
        ("/orders", json!({ "customer": "a", "item": "b", "amount": i64::MAX }), "card_declined"),
        ("/users", json!({ "name": " " }), "bad_name"),
        ("/users", json!({ "name": "a".repeat(81) }), "bad_name"),
    ];
    for (path, body, code) in refused {
        let (status, answer) = server.post(path, "", &body).await;
        assert_eq!((status, &answer["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(code)));
    }
    let (status, _) = server.post("/orders", "", &json!({ "amount": "much" })).await;
    assert!(status.is_client_error());

    // The first that is accepted is the first of all.
    let (status, answer) = server.order("Teapot", 100_000).await;
    assert_eq!((status, &answer["order_id"]), (StatusCode::CREATED, &json!("ord-1")));
    assert_eq!(server.events("").await.until("note-1").await, ["ord-1", "note-1"]);
}

#[tokio::test]
async fn asked_again_with_the_same_key_it_is_one_order() {
    let directory = tempfile::tempdir().unwrap();
    let order = json!({ "customer": "ada@example.org", "item": "Teapot", "amount": 1250 });
    let server = Server::start(directory.path());
    let first = server.post("/orders", "a key", &order).await;
    assert_eq!(server.post("/orders", "a key", &order).await, first);
    drop(server);
    let server = Server::start(directory.path());
    assert_eq!(server.post("/orders", "a key", &order).await, first);
    server.post("/orders", "another key", &order).await;
    let names = server.events("").await.until("note-2").await;
    assert_eq!(names.iter().filter(|name| name.starts_with("ord-")).count(), 2, "{names:?}");
}

#[tokio::test]
async fn a_stream_goes_on_after_the_last_event_id_also_of_another_run() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    let mut events = server.events("").await;
    server.post("/users", "", &json!({ "name": "Ada Lovelace" })).await;
    let first = events.next().await;
    assert_eq!(first.name(), "user-1");
    assert_eq!(first.data["id"], first.id.as_str());
    server.order("Teapot", 1250).await;
    // They happen while the page is there; whether the order or the first notification is first is not for the page to say.
    let seen = events.until("note-2").await;
    drop(events);
    assert_eq!(server.events(&first.id).await.until("note-2").await, seen);
    drop(server);

    let server = Server::start(directory.path());
    let mut events = server.events(&first.id).await;
    assert_eq!(events.until("note-2").await, seen);
    server.order("Desk lamp", 1250).await;
    assert_eq!(events.until("note-3").await, ["ord-2", "note-3"]);

    let all = server.events("").await.until("note-3").await;
    let parts = [&["user-1".to_owned()], &seen[..], &["ord-2".to_owned(), "note-3".to_owned()]];
    assert_eq!(all, parts.concat());
}

#[tokio::test]
async fn a_page_that_was_away_for_too_long_begins_anew() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    server.order("Teapot", 1250).await;
    let mut events = server.events("").await;
    let last = events.next().await.id;
    for _ in 1..=KEPT / 2 {
        server.order("Teapot", 1250).await;
    }
    let end = format!("note-{}", KEPT / 2 + 1);
    // The page that is there has had everything, each once.
    assert_eq!(events.until(&end).await.len(), KEPT + 1);
    for gone in [last, "0".repeat(32), "nonsense".to_owned()] {
        let mut events = server.events(&gone).await;
        let anew = events.next().await;
        assert_eq!((anew.event.as_str(), anew.data), ("anew", json!(KEPT)));
        assert_eq!(events.until(&end).await.len(), KEPT);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn interrupted_it_ends_with_the_pages_that_look_at_it() {
    let directory = tempfile::tempdir().unwrap();
    let mut server = Server::start(directory.path());
    server.order("Teapot", 1250).await;
    let mut events = server.events("").await;
    events.until("note-1").await;
    let kill =
        std::process::Command::new("kill").args(["-INT", &server.child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let rest = events.answer.into_body().collect();
    let rest = tokio::time::timeout(Duration::from_secs(30), rest).await.unwrap().unwrap();
    assert_eq!(text(&rest.to_bytes()), "", "nothing was sent twice");
    assert!(server.child.wait().unwrap().success());
    let server = Server::start(directory.path());
    assert_eq!(server.events("").await.until("note-1").await, ["ord-1", "note-1"]);
}

#[test]
fn a_port_that_is_none_or_in_use_is_one_line() {
    let directory = tempfile::tempdir().unwrap();
    for arguments in [&["many"][..], &["70000"], &["0", "1"]] {
        let output = example("live_dashboard", directory.path()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(text(&output.stderr), "live_dashboard: usage: live_dashboard [PORT]\n");
    }
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = example("live_dashboard", directory.path()).env("PORT", &port).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let complaint = text(&output.stderr);
    assert!(complaint.starts_with(&format!("live_dashboard: the port {port}: ")), "{complaint}");
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
}
