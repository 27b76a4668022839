//! The page, and what it asks for.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response, Sse, sse};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream;
use serde_json::json;
use spawn::{ActionError, ErrorKind, System};

use crate::live::Live;
use crate::order_processor::{NewOrder, OrderProcessor};
use crate::user_manager::{NewUser, UserManager};

const HTML: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/dashboard.js");

/// The page needs nothing from anywhere else.
const POLICY: &str = "default-src 'self'; img-src data:; frame-ancestors 'none'";

pub fn router(system: &System) -> Router {
    let file = |kind: &'static str, content: &'static str| {
        get(async move || {
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CACHE_CONTROL, "no-cache"),
                (header::CONTENT_SECURITY_POLICY, POLICY),
            ];
            (headers, content)
        })
    };
    Router::new()
        .route("/", file("text/html; charset=utf-8", HTML))
        .route("/style.css", file("text/css; charset=utf-8", STYLE))
        .route("/dashboard.js", file("text/javascript; charset=utf-8", SCRIPT))
        .route("/events", get(events))
        .route("/users", post(create_user))
        .route("/orders", post(create_order))
        .with_state(system.clone())
}

// ANCHOR: events
/// A browser that comes back says which row it had last.
async fn events(State(system): State<System>, headers: HeaderMap) -> Result<Response, Failed> {
    let last = text(&headers, "last-event-id").unwrap_or_default();
    let live = Live::after(system, last.to_owned())?;
    let events = stream::unfold(live, async |mut live| Some((live.next().await?, live)));
    Ok(Sse::new(events).keep_alive(sse::KeepAlive::default()).into_response())
}
// ANCHOR_END: events

async fn create_user(
    State(system): State<System>,
    headers: HeaderMap,
    Json(user): Json<NewUser>,
) -> Result<Response, Failed> {
    let mut call = system.actor::<UserManager>().create_user(user);
    if let Some(key) = text(&headers, "idempotency-key") {
        call = call.idempotency_key(key);
    }
    Ok((StatusCode::CREATED, Json(call.await?)).into_response())
}

// ANCHOR: create
/// A page that does not know whether the order was taken asks again, with the same key, and gets the same answer.
async fn create_order(
    State(system): State<System>,
    headers: HeaderMap,
    Json(order): Json<NewOrder>,
) -> Result<Response, Failed> {
    let mut call = system.actor::<OrderProcessor>().create_order(order);
    if let Some(key) = text(&headers, "idempotency-key") {
        call = call.idempotency_key(key);
    }
    Ok((StatusCode::CREATED, Json(call.await?)).into_response())
}

/// An answer that is none.
struct Failed(spawn::Error);

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let (status, code, message) = match (self.0.cause::<ActionError>(), self.0.kind()) {
            // The actor has refused it, and has changed nothing.
            (Some(error), ErrorKind::Action) => {
                (StatusCode::UNPROCESSABLE_ENTITY, error.code(), error.message().to_owned())
            }
            (_, ErrorKind::Overloaded | ErrorKind::Timeout | ErrorKind::Stopped) => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable", self.0.to_string())
            }
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "internal", format!("{:?}", self.0)),
        };
        (status, Json(json!({ "code": code, "message": message }))).into_response()
    }
}
// ANCHOR_END: create

impl From<spawn::Error> for Failed {
    fn from(error: spawn::Error) -> Self {
        Self(error)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
