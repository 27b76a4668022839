//! What was given up.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::params::{Id, Params, Who};
use crate::admin::Handle;
use crate::admin::failure::Failure;
use crate::admin::view::{Letter, Page};
use crate::dead_letter;
use crate::error::ErrorKind;
use crate::store::DeadLetterId;
use crate::system::System;

pub(super) async fn list(
    State(handle): State<Handle>,
    params: Params,
) -> Result<Json<Page<Letter, u64>>, Failure> {
    let after = DeadLetterId(params.number("after")?.unwrap_or_default());
    Ok(Json(page(&handle.system(), after, params.limit()?).await?))
}

pub(super) async fn page(
    system: &System,
    after: DeadLetterId,
    limit: usize,
) -> Result<Page<Letter, u64>, Failure> {
    let letters = system.dead_letters().page(after, limit + 1).await?;
    let letters = letters.into_iter().map(Letter::from).collect();
    Ok(Page::of(letters, limit, |last: &Letter| last.id))
}

fn missing(id: u64) -> Failure {
    Failure::missing(format!("there is no dead letter {id}"))
}

pub(super) async fn replay(
    State(handle): State<Handle>,
    Id(id): Id,
    who: Who,
) -> Result<Json<Value>, Failure> {
    who.did("replay", id, replayed(handle.system(), id).await)
}

async fn replayed(system: System, id: u64) -> Result<Json<Value>, Failure> {
    match dead_letter::get(&system.core()?.env, DeadLetterId(id)).await {
        Err(error) if error.kind() == ErrorKind::Stale => return Err(missing(id)),
        found => drop(found?),
    }
    // A browser that goes away leaves the replay to itself.
    let replay = tokio::spawn(async move { system.dead_letters().replay(DeadLetterId(id)).await });
    match replay.await {
        Ok(outcome) => outcome?,
        Err(_) => return Err(crate::error::Error::stopped().into()),
    }
    Ok(Json(json!({ "replayed": id })))
}

pub(super) async fn discard(
    State(handle): State<Handle>,
    Id(id): Id,
    who: Who,
) -> Result<Json<Value>, Failure> {
    let outcome = match handle.system().dead_letters().discard(DeadLetterId(id)).await {
        Ok(true) => Ok(Json(json!({ "discarded": id }))),
        Ok(false) => Err(missing(id)),
        Err(error) => Err(error.into()),
    };
    who.did("discard", id, outcome)
}
