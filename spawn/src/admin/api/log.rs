//! The event log.

use axum::Json;
use axum::extract::State;

use super::params::Params;
use crate::admin::Handle;
use crate::admin::failure::Failure;
use crate::admin::view::{Page, Published};
use crate::event::Position;

/// Events of a channel or pattern: the newest first, or the oldest first after a position.
pub(super) async fn log(
    State(handle): State<Handle>,
    params: Params,
) -> Result<Json<Page<Published, u64>>, Failure> {
    let pattern = params.text("channel").unwrap_or(">").to_owned();
    let mut log = handle.system().log(pattern)?.limit(params.limit()?);
    let after = params.number("after")?;
    let before = params.number("before")?;
    log = match (after, before) {
        (Some(_), Some(_)) => return Err(Failure::bad("`after` or `before`, not both")),
        (Some(after), None) => log.after(Position(after)),
        (None, Some(before)) => log.before(Position(before)),
        (None, None) => log,
    };
    let found = log.await?;
    let mut items: Vec<_> = found.events.into_iter().map(Published::from).collect();
    if after.is_none() {
        items.reverse();
    }
    Ok(Json(Page { items, next: (!found.is_last).then_some(found.reached.0) }))
}
