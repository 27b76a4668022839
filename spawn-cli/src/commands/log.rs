//! Channels, events, and who is how far.

use serde_json::{Map, Value, json};
use spawn::store::DataDirectory;
use spawn::{ActorId, Pattern, Position};

use super::Failure;
use crate::payload::Shown;
use crate::report::Report;
use crate::table::{Table, plain};
use crate::time;

/// How many rows of the log are read at once.
const ROWS: usize = 1_000;

pub(super) fn channels(data: &DataDirectory) -> Result<Report, Failure> {
    let mut table = Table::new(["channel", " events", " first", " last", " bytes", "newest"]);
    let mut json = Vec::new();
    for found in data.channels()? {
        json.push(json!({
            "channel": found.channel.as_str(),
            "events": found.events,
            "first": found.first.number(),
            "last": found.last.number(),
            "size": found.size,
            "newest": time::text(found.at),
        }));
        table.add([
            found.channel.to_string(),
            found.events.to_string(),
            found.first.to_string(),
            found.last.to_string(),
            found.size.to_string(),
            time::text(found.at),
        ]);
    }
    Ok(Report::table(json, table, "no event is in the log"))
}

pub(super) fn events(
    data: &DataDirectory,
    channel: &str,
    after: u64,
    limit: usize,
) -> Result<Report, Failure> {
    let pattern = Pattern::parse(channel.to_owned())?;
    let is_encrypted = data.is_encrypted()?;
    let mut table = Table::new([" position", "channel", "published", "by", "payload"]);
    let mut json = Vec::new();
    let mut after = Position::from_number(after);
    while json.len() < limit {
        let rows = data.log(after, ROWS)?;
        let is_last = rows.len() < ROWS;
        after = rows.last().map_or(after, |row| row.position);
        let matching = rows.into_iter().filter(|row| pattern.matches(&row.event.channel));
        for row in matching.take(limit - json.len()) {
            let event = row.event;
            let shown = Shown::new(&event.payload.type_name, &event.payload.bytes, is_encrypted);
            let metadata: Map<String, Value> =
                event.metadata.iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
            json.push(json!({
                "position": row.position.number(),
                "channel": event.channel.as_str(),
                "published_at": time::text(event.at),
                "publisher": event.publisher.as_ref().map(ActorId::as_str),
                "metadata": metadata,
                "payload": shown.json(&event.payload.bytes),
            }));
            table.add([
                row.position.to_string(),
                event.channel.to_string(),
                time::text(event.at),
                event.publisher.map_or_else(|| "-".to_owned(), |it| plain(it.as_str())),
                plain(&shown.line(80)),
            ]);
        }
        if is_last {
            break;
        }
    }
    Ok(Report::table(json, table, "no such event is in the log"))
}

pub(super) fn subscriptions(data: &DataDirectory) -> Result<Report, Failure> {
    let mut table = Table::new([" id", "subscriber", "channel", " lag", " oldest", "state"]);
    let mut json = Vec::new();
    for lag in data.lags()? {
        let row = lag.subscription;
        let seconds = lag.oldest.map(time::seconds_since);
        let mut state = Vec::new();
        if let Some(lapsed) = row.lapsed {
            state.push(format!("has lapsed up to {lapsed}"));
        }
        if lag.parked > 0 {
            state.push(format!("{} instances are parked", lag.parked));
        }
        json.push(json!({
            "id": row.id.0,
            "subscriber": row.subscriber,
            "pattern": row.pattern,
            "since": row.since.number(),
            "lapsed": row.lapsed.map(Position::number),
            "parked": lag.parked,
            "lag": lag.events,
            "lag_seconds": seconds,
            "oldest": lag.oldest.map(time::text),
        }));
        table.add([
            row.id.to_string(),
            row.subscriber,
            row.pattern,
            lag.events.map_or_else(|| "by instance".to_owned(), |events| events.to_string()),
            seconds.map_or_else(|| "-".to_owned(), time::span),
            state.join(", "),
        ]);
    }
    Ok(Report::table(json, table, "there is no durable subscription"))
}
