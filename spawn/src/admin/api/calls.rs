//! Effects and calls that wait.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::params::{Id, Params, Who};
use crate::admin::Handle;
use crate::admin::failure::Failure;
use crate::admin::view::{Page, Scheduled};
use crate::store::CallId;
use crate::system::System;

pub(super) async fn schedules(
    State(handle): State<Handle>,
    params: Params,
) -> Result<Json<Page<Scheduled, u64>>, Failure> {
    let after = CallId(params.number("after")?.unwrap_or_default());
    Ok(Json(page(&handle.system(), after, params.limit()?).await?))
}

pub(super) async fn page(
    system: &System,
    after: CallId,
    limit: usize,
) -> Result<Page<Scheduled, u64>, Failure> {
    let rows = system.scheduled_calls(after, limit + 1).await?;
    let rows = rows.into_iter().map(Scheduled::from).collect();
    Ok(Page::of(rows, limit, |last: &Scheduled| last.id))
}

pub(super) async fn cancel(
    State(handle): State<Handle>,
    Id(id): Id,
    who: Who,
) -> Result<Json<Value>, Failure> {
    let outcome = match handle.system().cancel(CallId(id)).await {
        Ok(true) => Ok(Json(json!({ "cancelled": id }))),
        Ok(false) => Err(Failure::missing(format!("there is no call {id} that waits"))),
        Err(error) => Err(error.into()),
    };
    who.did("cancel", id, outcome)
}
