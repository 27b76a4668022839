//! Actors and their states.

use serde_json::{Value, json};
use spawn::ActorId;
use spawn::store::{DataDirectory, RevisionRow};

use super::Failure;
use crate::arguments::Page;
use crate::payload::Shown;
use crate::report::Report;
use crate::table::{Table, plain};
use crate::time;

pub(super) fn list(data: &DataDirectory, part: &str, page: &Page) -> Result<Report, Failure> {
    let after = page.after.as_deref().unwrap_or_default();
    let mut table = Table::new(["actor", " revision", " kept", " bytes", "type", "saved"]);
    let mut json = Vec::new();
    for actor in data.actors(part, after, page.limit)? {
        let state = actor.state.as_ref();
        json.push(json!({
            "id": actor.id.as_str(),
            "revision": actor.revision.0,
            "kept": actor.kept,
            "type": state.map(|state| &state.type_name),
            "size": state.map(|state| state.size),
            "at": state.map(|state| time::text(state.at)),
            "position": actor.cursor.map(|cursor| cursor.position.number()),
        }));
        table.add([
            plain(actor.id.as_str()),
            actor.revision.to_string(),
            actor.kept.to_string(),
            state.map_or_else(dash, |state| state.size.to_string()),
            state.map_or_else(dash, |state| plain(&state.type_name)),
            state.map_or_else(dash, |state| time::text(state.at)),
        ]);
    }
    Ok(Report::table(json, table, "no actor was saved whose id has that in it"))
}

fn dash() -> String {
    "-".to_owned()
}

fn rows(data: &DataDirectory, actor: &ActorId) -> Result<Vec<RevisionRow>, Failure> {
    let rows = data.history(actor)?;
    if rows.is_empty() {
        let hint = match actor.instance() {
            None if !data.actors(&format!("{actor}/"), "", 1)?.is_empty() => {
                "; it has instances: name one, or list them with `actors`"
            }
            _ => "",
        };
        return Err(Failure::Refused(format!("no state was saved of {actor}{hint}")));
    }
    Ok(rows)
}

pub(super) fn state(
    data: &DataDirectory,
    actor: &ActorId,
    revision: Option<u64>,
) -> Result<Report, Failure> {
    let rows = rows(data, actor)?;
    let row = match revision {
        None => rows.last(),
        Some(wanted) => rows.iter().find(|row| row.revision.0 == wanted),
    };
    let Some(row) = row else {
        let kept: Vec<_> = rows.iter().map(|row| row.revision.to_string()).collect();
        return Err(Failure::Refused(format!(
            "{actor} has no revision {} that is kept; these are: {}",
            revision.unwrap_or_default(),
            kept.join(", ")
        )));
    };
    let bytes = &row.state.bytes;
    let shown = Shown::new(&row.state.type_name, bytes, data.is_encrypted()?);
    let tags = data.tags(actor)?;
    let json = json!({
        "id": actor.as_str(),
        "revision": row.revision.0,
        "at": time::text(row.at),
        "tags": tags,
        "state": shown.json(bytes),
    });
    let mut lines = vec![format!(
        "{}  revision {}  {}  {}  {} bytes",
        plain(actor.as_str()),
        row.revision,
        time::text(row.at),
        row.state.type_name,
        bytes.len()
    )];
    let tags = tags.into_iter().flatten().map(|(key, value)| format!("tag {key}: {value}"));
    lines.extend(tags.map(|tag| plain(&tag)));
    lines.extend(shown.lines());
    Ok(Report::lines(json, lines))
}

pub(super) fn history(data: &DataDirectory, actor: &ActorId) -> Result<Report, Failure> {
    let is_encrypted = data.is_encrypted()?;
    let mut table = Table::new([" revision", "saved", " bytes", "type", "state"]);
    let mut json: Vec<Value> = Vec::new();
    for row in rows(data, actor)? {
        let shown = Shown::new(&row.state.type_name, &row.state.bytes, is_encrypted);
        json.push(json!({
            "revision": row.revision.0,
            "at": time::text(row.at),
            "state": shown.json(&row.state.bytes),
        }));
        table.add([
            row.revision.to_string(),
            time::text(row.at),
            row.state.bytes.len().to_string(),
            row.state.type_name.to_string(),
            plain(&shown.line(80)),
        ]);
    }
    Ok(Report::table(json, table, "no revision is kept"))
}
