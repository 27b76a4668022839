//! Answers that are none.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::dead_letter;
use crate::error::{Error, ErrorKind};

/// Why a request has no answer.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) status: StatusCode,
    code: &'static str,
    pub(super) message: String,
}

impl Failure {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// The request makes no sense.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// There is no such thing.
    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let (status, code) = match error.kind() {
            ErrorKind::InvalidName => (StatusCode::BAD_REQUEST, "invalid_name"),
            ErrorKind::UnknownActor => (StatusCode::NOT_FOUND, "unknown_actor"),
            ErrorKind::UnknownRevision => (StatusCode::NOT_FOUND, "unknown_revision"),
            ErrorKind::Stale => (StatusCode::CONFLICT, "stale"),
            ErrorKind::Overloaded => (StatusCode::SERVICE_UNAVAILABLE, "overloaded"),
            ErrorKind::Stopped => (StatusCode::SERVICE_UNAVAILABLE, "stopped"),
            ErrorKind::Timeout => (StatusCode::GATEWAY_TIMEOUT, "timeout"),
            ErrorKind::Storage => (StatusCode::INTERNAL_SERVER_ERROR, "storage"),
            // What an action made of it.
            _ => (StatusCode::UNPROCESSABLE_ENTITY, "action"),
        };
        Self::new(status, code, dead_letter::chain(&error))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self { status, code, message } = self;
        (status, Json(json!({ "error": { "code": code, "message": message } }))).into_response()
    }
}

/// There is such a thing, but that cannot be done with it.
pub(super) async fn method() -> Failure {
    let message = "another method is needed here";
    Failure::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message)
}
