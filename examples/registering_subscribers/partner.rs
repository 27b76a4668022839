//! The partner: a server that is out of order for a while.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::post;
use parking_lot::Mutex;
use spawn::BoxError;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// A request that the partner has had.
pub(crate) struct Request {
    /// Whether it has had the event before: "new event" or "event seen before".
    pub(crate) event_id_seen: &'static str,
    pub(crate) body: String,
    pub(crate) status: StatusCode,
}

pub(crate) struct Partner {
    address: SocketAddr,
    requests: UnboundedReceiver<Request>,
}

#[derive(Clone)]
struct Desk {
    failures_left: Arc<AtomicUsize>,
    seen: Arc<Mutex<HashMap<String, u32>>>,
    requests: UnboundedSender<Request>,
}

impl Partner {
    /// A server on a free port of this machine that fails so many times.
    pub(crate) async fn start(failures: usize) -> Result<Self, BoxError> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (sender, requests) = unbounded_channel();
        let desk = Desk {
            failures_left: Arc::new(AtomicUsize::new(failures)),
            seen: Arc::default(),
            requests: sender,
        };
        let router = Router::new().route("/hooks/orders", post(hook)).with_state(desk);
        // It ends with the program.
        drop(tokio::spawn(axum::serve(listener, router).into_future()));
        Ok(Self { address, requests })
    }

    pub(crate) fn url(&self, path: &str) -> Result<Uri, BoxError> {
        Ok(format!("http://{}{path}", self.address).parse()?)
    }

    pub(crate) async fn next(&mut self) -> Result<Request, BoxError> {
        self.requests.recv().await.ok_or_else(|| "the partner is gone".into())
    }
}

async fn hook(State(desk): State<Desk>, headers: HeaderMap, body: String) -> StatusCode {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).unwrap_or_default();
    let times = {
        let mut seen = desk.seen.lock();
        let times = seen.entry(key.to_owned()).or_default();
        *times += 1;
        *times
    };
    let fails = |left: usize| left.checked_sub(1);
    let failed =
        desk.failures_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fails).is_ok();
    let status = if failed { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT };
    let event_id_seen = if times == 1 { "new event" } else { "seen before" };
    // Nobody listens any more when the example has ended.
    drop(desk.requests.send(Request { event_id_seen, body, status }));
    status
}
