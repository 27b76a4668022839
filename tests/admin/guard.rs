//! Who may ask.

use std::net::{Ipv4Addr, SocketAddr};

use crate::http::{Answer, get, send};
use crate::kit::{give_up, served, shop};
use crate::logged::Logged;

const TOKEN: &str = "k9Qd3-correct-horse";

async fn with_token() -> (spawn::System, SocketAddr) {
    let (system, _hands) = shop().await;
    let admin = system.admin().bind((Ipv4Addr::LOCALHOST, 0)).token(TOKEN);
    let address = admin.serve().await.unwrap().address();
    (system, address)
}

async fn authorized(address: SocketAddr, method: &str, path: &str, value: &str) -> Answer {
    send(address, method, path, &[("Host", "shop.example.org"), ("Authorization", value)]).await
}

#[tokio::test]
async fn with_a_token_every_request_for_data_needs_it() {
    let (system, address) = with_token().await;
    give_up(&system, 1).await;
    for path in ["/api/overview", "/api/actors/state?id=cart/ann", "/api/log", "/nothing"] {
        let refused = get(address, path).await;
        assert_eq!((refused.status, refused.code().as_str()), (401, "unauthorized"), "{path}");
        assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    }
    let wrong = [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Bearer {}", TOKEN.trim_start_matches('k')),
        format!("Bearer {TOKEN}x"),
        format!("Bearer {}", TOKEN.to_uppercase()),
        format!("Basic {TOKEN}"),
        TOKEN.to_owned(),
    ];
    for value in wrong {
        let refused = authorized(address, "GET", "/api/overview", &value).await;
        assert_eq!(refused.status, 401, "{value}");
        let refused = authorized(address, "POST", "/api/dead-letters/1/discard", &value).await;
        assert_eq!(refused.status, 401, "{value}");
    }
    assert_eq!(system.dead_letters().list().await.unwrap().len(), 1);
    for value in [format!("Bearer {TOKEN}"), format!("bearer {TOKEN}")] {
        let answer = authorized(address, "GET", "/api/overview", &value).await;
        assert_eq!(answer.status, 200, "{value}: any host, with the token");
    }
    let right = format!("Bearer {TOKEN}");
    let done = authorized(address, "POST", "/api/dead-letters/1/discard", &right).await;
    assert_eq!(done.status, 200);
}

#[tokio::test]
async fn probes_and_the_files_of_the_page_need_no_token() {
    let (_system, address) = with_token().await;
    let files = concat!(env!("CARGO_MANIFEST_DIR"), "/../../spawn/src/admin/page");
    let files = std::fs::read_dir(files).unwrap().map(|it| it.unwrap().file_name());
    let files = files.map(|name| format!("/{}", name.to_str().unwrap()));
    let files: Vec<_> = files.filter(|path| path != "/index.html").collect();
    assert!(files.len() > 10, "{files:?}");
    let others = ["/live", "/ready", "/", "/page"].map(str::to_owned);
    for path in others.iter().chain(&files) {
        let answer = get(address, path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.body.contains("shop\"") || path == "/ready", "{path} says who it is");
    }
}

#[tokio::test]
async fn without_a_token_the_host_is_this_machine() {
    let (system, _hands, address) = served().await;
    give_up(&system, 1).await;
    let port = address.port();
    for host in ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "192.168.0.1", ""] {
        for (method, path) in
            [("GET", "/api/overview"), ("GET", "/"), ("POST", "/api/dead-letters/1/discard")]
        {
            let refused = send(address, method, path, &[("Host", host)]).await;
            assert_eq!(refused.status, 403, "{host}: {path}");
        }
    }
    assert_eq!(system.dead_letters().list().await.unwrap().len(), 1);
    for host in ["localhost", &format!("localhost:{port}"), "127.0.0.1", &format!("[::1]:{port}")] {
        let answer = send(address, "GET", "/api/overview", &[("Host", host)]).await;
        assert_eq!(answer.status, 200, "{host}");
    }
    let probe = send(address, "GET", "/live", &[("Host", "10.0.0.7")]).await;
    assert_eq!(probe.status, 200, "a probe names the machine as it likes");
}

#[tokio::test]
async fn without_a_token_a_write_comes_from_the_page_or_from_no_browser() {
    let (system, _hands, address) = served().await;
    give_up(&system, 3).await;
    let (logged, _listening) = Logged::listen();
    let host = address.to_string();
    let own = format!("http://{host}");
    let other_port = format!("http://127.0.0.1:{}", address.port() - 1);
    let refused: [&[(&str, &str)]; 6] = [
        &[("Origin", "http://evil.example")],
        &[("Origin", "null")],
        &[("Origin", &other_port)],
        &[("Origin", "")],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site"), ("Origin", &own)],
    ];
    for headers in refused {
        let headers = [&[("Host", host.as_str())], headers].concat();
        let answer = send(address, "POST", "/api/dead-letters/1/discard", &headers).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "forbidden"), "{headers:?}");
        let lines = logged.take();
        assert!(lines.len() == 1 && lines[0].starts_with("WARN "), "{lines:?}");
        assert!(lines[0].contains(" path=/api/dead-letters/1/discard why=the request comes from"));
    }
    assert_eq!(system.dead_letters().list().await.unwrap().len(), 3);
    let allowed: [&[(&str, &str)]; 3] = [
        &[],
        &[("Origin", &own), ("Sec-Fetch-Site", "same-origin")],
        &[("Sec-Fetch-Site", "none")],
    ];
    for (number, headers) in (1..).zip(allowed) {
        let headers = [&[("Host", host.as_str())], headers].concat();
        let path = format!("/api/dead-letters/{number}/discard");
        assert_eq!(send(address, "POST", &path, &headers).await.status, 200, "{headers:?}");
    }
}

#[tokio::test]
async fn a_host_can_be_allowed() {
    let (system, _hands) = shop().await;
    let admin = system.admin().bind((Ipv4Addr::LOCALHOST, 0)).host("shop.example.org");
    let address = admin.serve().await.unwrap().address();
    for (host, status) in
        [("shop.example.org:443", 200), ("SHOP.example.org", 200), ("example.org", 403)]
    {
        assert_eq!(send(address, "GET", "/api/overview", &[("Host", host)]).await.status, status);
    }
}

#[tokio::test]
async fn answers_are_for_this_page_alone() {
    let (_system, _hands, address) = served().await;
    for path in ["/", "/api/overview", "/nothing"] {
        let answer = get(address, path).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    let data = get(address, "/api/overview").await;
    assert_eq!(data.header("cache-control"), Some("no-store"));
}
