//! What the page asks for, and anybody else.

mod actors;
mod calls;
mod dead_letters;
mod log;
mod overview;
mod params;
mod program;

use axum::Router;
use axum::routing::{get, post};

use super::Handle;

pub(super) fn router() -> Router<Handle> {
    Router::new()
        .route("/api/overview", get(overview::overview))
        .route("/api/definitions", get(program::definitions))
        .route("/api/topology", get(program::topology))
        .route("/api/actors/active", get(actors::active))
        .route("/api/actors/stored", get(actors::stored))
        .route("/api/actors/history", get(actors::history))
        .route("/api/actors/state", get(actors::state))
        .route("/api/subscriptions", get(overview::subscriptions))
        .route("/api/schedules", get(calls::schedules))
        .route("/api/schedules/{id}/cancel", post(calls::cancel))
        .route("/api/dead-letters", get(dead_letters::list))
        .route("/api/dead-letters/{id}/replay", post(dead_letters::replay))
        .route("/api/dead-letters/{id}/discard", post(dead_letters::discard))
        .route("/api/log", get(log::log))
}
