//! The page and what is there for probes.

use axum::extract::{OriginalUri, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use super::Handle;
use super::failure::Failure;

const HTML: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/admin.css");

/// The modules of the page, by the paths that they have for each other.
const SCRIPTS: [(&str, &str); 10] = [
    ("/admin.js", include_str!("page/admin.js")),
    ("/elements.js", include_str!("page/elements.js")),
    ("/log.js", include_str!("page/log.js")),
    ("/overview.js", include_str!("page/overview.js")),
    ("/payload.js", include_str!("page/payload.js")),
    ("/program.js", include_str!("page/program.js")),
    ("/requests.js", include_str!("page/requests.js")),
    ("/states.js", include_str!("page/states.js")),
    ("/topology.js", include_str!("page/topology.js")),
    ("/values.js", include_str!("page/values.js")),
];

/// The page needs nothing from anywhere else.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Whether a path is that of a file, the same for every system.
pub(super) fn is_file(path: &str) -> bool {
    matches!(path, "/" | "/page" | "/admin.css")
        || SCRIPTS.iter().any(|(script, _)| path == *script)
}

pub(super) fn router() -> Router<Handle> {
    let file = |kind: &'static str, content: &'static str| {
        get(async move || {
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], content)
        })
    };
    let router = Router::new()
        .route("/", get(index))
        .route("/page", get(page))
        .route("/admin.css", file("text/css; charset=utf-8", STYLE))
        .route("/live", get(async || Json(json!({ "status": "live" }))))
        .route("/ready", get(ready));
    SCRIPTS.iter().fold(router, |router, (path, script)| {
        router.route(path, file("text/javascript; charset=utf-8", script))
    })
}

/// The files of the page are asked for beside it: where its path has no slash at its end, since the router is nested there, it is at
/// another one.
async fn index(OriginalUri(asked): OriginalUri) -> Response {
    match asked.path().rsplit_once('/') {
        Some((_, place)) if !place.is_empty() => {
            let to = [(header::LOCATION, format!("{place}/page"))];
            (StatusCode::TEMPORARY_REDIRECT, to).into_response()
        }
        _ => page().await.into_response(),
    }
}

async fn page() -> impl IntoResponse {
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, HTML)
}

/// What no route is for.
pub(super) async fn elsewhere(OriginalUri(asked): OriginalUri) -> Failure {
    Failure::missing(format!("there is nothing at {}", asked.path()))
}

/// What Prometheus asks for.
#[cfg(feature = "prometheus")]
pub(super) fn metrics(metrics: crate::prometheus::Metrics) -> axum::routing::MethodRouter<Handle> {
    get(async move || ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render()))
}

async fn ready(State(handle): State<Handle>) -> Response {
    let system = handle.system();
    let accepts = system.core().is_ok_and(|core| !core.env.is_stopping());
    let (status, said) = match (accepts, system.is_healthy()) {
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "stopped"),
        (true, false) => (StatusCode::SERVICE_UNAVAILABLE, "unhealthy"),
        (true, true) => (StatusCode::OK, "ready"),
    };
    (status, Json(json!({ "status": said, "system": *handle.name }))).into_response()
}
