//! Actors: in memory, saved, and as they were.

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::params::Params;
use crate::actor::ActorId;
use crate::admin::Handle;
use crate::admin::failure::Failure;
use crate::admin::payload::{ALONE, Shown};
use crate::admin::view::{Active, Page, time_of};
use crate::store::{RevisionRow, StoredActor};
use crate::system::System;
use crate::tags::Tags;

/// How many ids one page of a search looks at, at most.
const LOOKED_AT: usize = 10_000;

/// How many ids are read at once.
const AT_ONCE: usize = 1_000;

/// The actors in memory.
pub(super) async fn active(
    State(handle): State<Handle>,
    params: Params,
) -> Result<Json<Page<Active, String>>, Failure> {
    let limit = params.limit()?;
    let after = params.text("after").map(ActorId::parse).transpose()?;
    let found = handle.system().active_actors(after.as_ref(), limit + 1)?;
    let found = found.into_iter().map(Active::from).collect();
    Ok(Json(Page::of(found, limit, |last: &Active| last.id.clone())))
}

/// The durable actors of the program that were saved, those whose id has a text in it.
pub(super) async fn stored(
    State(handle): State<Handle>,
    params: Params,
) -> Result<Json<Page<String, String>>, Failure> {
    let limit = params.limit()?;
    let search = params.text("search").unwrap_or_default();
    let mut after = params.text("after").map(ActorId::parse).transpose()?;
    let system = handle.system();
    let definitions = system.definitions()?;
    let is_durable =
        |id: &ActorId| definitions.iter().any(|it| it.name() == id.name() && it.is_stateful());
    let mut page = Page { items: Vec::new(), next: None };
    let mut looked_at = 0;
    loop {
        let mut find = system.find().limit(AT_ONCE);
        if let Some(name) = params.text("name") {
            find = find.named(name);
        }
        if let Some(after) = &after {
            find = find.after(after);
        }
        let found = find.await?;
        let is_last = found.len() < AT_ONCE;
        looked_at += found.len();
        for id in found {
            if is_durable(&id) && id.as_str().contains(search) && is_saved(&system, &id).await? {
                if page.items.len() == limit {
                    page.next = page.items.last().cloned();
                    return Ok(Json(page));
                }
                page.items.push(id.to_string());
            }
            after = Some(id);
        }
        if is_last {
            return Ok(Json(page));
        }
        if looked_at >= LOOKED_AT {
            page.next = after.map(|id| id.to_string());
            return Ok(Json(page));
        }
    }
}

/// A named actor is found before it has a state.
async fn is_saved(system: &System, id: &ActorId) -> Result<bool, Failure> {
    Ok(id.instance().is_some() || load(system, id).await?.is_some())
}

async fn load(system: &System, id: &ActorId) -> Result<Option<StoredActor>, Failure> {
    Ok(system.core()?.env.load(id.clone()).await?)
}

/// A revision, without its state.
#[derive(Debug, Serialize)]
pub(super) struct Kept {
    revision: u64,
    at: String,
    #[serde(rename = "type")]
    type_name: String,
    size: usize,
}

impl From<&RevisionRow> for Kept {
    fn from(row: &RevisionRow) -> Self {
        Self {
            revision: row.revision.0,
            at: time_of(row.at),
            type_name: row.state.type_name.to_string(),
            size: row.state.bytes.len(),
        }
    }
}

/// An actor whose state is asked for.
fn id_of(params: &Params) -> Result<ActorId, Failure> {
    let id = params.text("id").ok_or_else(|| Failure::bad("`id` is missing"))?;
    Ok(ActorId::parse(id)?)
}

fn never_saved(id: &ActorId) -> Failure {
    Failure::missing(format!("nothing was ever saved of {id}"))
}

/// The revisions that are kept, the newest first.
pub(super) async fn history(
    State(handle): State<Handle>,
    params: Params,
) -> Result<Json<Vec<Kept>>, Failure> {
    let (id, system) = (id_of(&params)?, handle.system());
    let rows = system.history(&id).await?;
    if rows.is_empty() && load(&system, &id).await?.is_none() {
        return Err(never_saved(&id));
    }
    Ok(Json(rows.iter().rev().map(Kept::from).collect()))
}

#[derive(Debug, Serialize)]
pub(super) struct Seen {
    id: String,
    revision: u64,
    at: Option<String>,
    /// `null` if only the place in its channels was saved.
    state: Option<Shown>,
    tags: Option<Tags>,
    /// The revisions that are kept, the newest first.
    kept: Vec<Kept>,
}

/// A state, with the revisions that are there beside it.
pub(super) async fn state(
    State(handle): State<Handle>,
    params: Params,
) -> Result<Json<Seen>, Failure> {
    let (id, system) = (id_of(&params)?, handle.system());
    let wanted = params.number("revision")?;
    let stored = load(&system, &id).await?.ok_or_else(|| never_saved(&id))?;
    let rows = system.history(&id).await?;
    let row = match wanted {
        Some(wanted) => {
            let row = rows.iter().find(|row| row.revision.0 == wanted);
            Some(row.ok_or_else(|| {
                Failure::missing(format!("{id} has no revision {wanted} that is kept"))
            })?)
        }
        None => rows.last(),
    };
    Ok(Json(Seen {
        id: id.to_string(),
        revision: row.map_or(stored.revision.0, |row| row.revision.0),
        at: row.map(|row| time_of(row.at)),
        state: row.map(|row| Shown::new(&row.state.type_name, &row.state.bytes, ALONE)),
        tags: stored.tags.map(|tags| Tags::clone(&tags)),
        kept: rows.iter().rev().map(Kept::from).collect(),
    }))
}
