//! What waits, and what was given up.

use serde_json::{Value, json};
use spawn::ActorId;
use spawn::store::{
    Asked, CallId, DataDirectory, DeadLetterId, DeadLetterSource, Encoded, NewCall,
};

use super::Failure;
use crate::arguments::Page;
use crate::payload::Shown;
use crate::report::Report;
use crate::table::{Table, plain};
use crate::time;

/// How many characters of a text stand in a table.
const WIDTH: usize = 60;

pub(super) fn schedules(data: &DataDirectory, page: &Page) -> Result<Report, Failure> {
    let is_encrypted = data.is_encrypted()?;
    let mut table = Table::new([" id", "due", "actor", "action", " failed", "payload"]);
    let mut json = Vec::new();
    for row in data.calls(CallId(page.number()?), page.limit)? {
        let NewCall { payload, .. } = &row.call;
        let shown = Shown::new(&payload.type_name, &payload.bytes, is_encrypted);
        let due = row.call.due_at().map(time::text);
        json.push(json!({
            "id": row.id.0,
            "due": due,
            "target": row.call.target.as_str(),
            "action": row.call.action,
            "attempts": row.attempts,
            "caller": row.call.caller.as_ref().map(ActorId::as_str),
            "payload": shown.json(&payload.bytes),
        }));
        table.add([
            row.id.to_string(),
            due.unwrap_or_else(|| "at once".to_owned()),
            plain(row.call.target.as_str()),
            plain(&row.call.action),
            row.attempts.to_string(),
            plain(&shown.line(WIDTH)),
        ]);
    }
    Ok(Report::table(json, table, "nothing waits"))
}

pub(super) fn list(data: &DataDirectory, page: &Page) -> Result<Report, Failure> {
    let is_encrypted = data.is_encrypted()?;
    let asked = data.replays()?;
    let mut table =
        Table::new([" id", "given up", "subscriber", "what", " tried", "error", "payload", ""]);
    let mut json = Vec::new();
    for row in data.dead_letters(DeadLetterId(page.number()?), page.limit)? {
        let letter = row.letter;
        let (what, source, shown) = source(&letter.source, is_encrypted);
        let is_asked = asked.contains(&row.id);
        json.push(json!({
            "id": row.id.0,
            "at": time::text(letter.at),
            "subscriber": letter.subscriber,
            "error": letter.error,
            "attempts": letter.attempts,
            "source": source,
            "replayed_at_next_start": is_asked,
        }));
        table.add([
            row.id.to_string(),
            time::text(letter.at),
            plain(&letter.subscriber),
            plain(&what),
            letter.attempts.to_string(),
            plain(&cut(&letter.error)),
            plain(&shown.map_or_else(|| "-".to_owned(), |shown| shown.line(WIDTH))),
            if is_asked { "is replayed at the next start".to_owned() } else { String::new() },
        ]);
    }
    Ok(Report::table(json, table, "nothing was given up"))
}

fn cut(text: &str) -> String {
    if text.chars().count() <= WIDTH {
        return text.to_owned();
    }
    text.chars().take(WIDTH - 1).chain(['…']).collect()
}

/// What was given up: in a word, as JSON, and its payload.
fn source(source: &DeadLetterSource, is_encrypted: bool) -> (String, Value, Option<Shown>) {
    let show = |payload: &Encoded| Shown::new(&payload.type_name, &payload.bytes, is_encrypted);
    match source {
        DeadLetterSource::Event { pattern, event: row } => {
            let payload = &row.event.payload;
            let shown = show(payload);
            let json = json!({
                "event": {
                    "pattern": pattern,
                    "position": row.position.number(),
                    "channel": row.event.channel.as_str(),
                    "published_at": time::text(row.event.at),
                    "publisher": row.event.publisher.as_ref().map(ActorId::as_str),
                    "payload": shown.json(&payload.bytes),
                }
            });
            (format!("event of {}", row.event.channel), json, Some(shown))
        }
        DeadLetterSource::Call(call) => {
            let shown = show(&call.payload);
            let json = json!({
                "call": {
                    "target": call.target.as_str(),
                    "action": call.action,
                    "caller": call.caller.as_ref().map(ActorId::as_str),
                    "payload": shown.json(&call.payload.bytes),
                }
            });
            (format!("call of {}", call.action), json, Some(shown))
        }
        DeadLetterSource::Missed { pattern, after, up_to } => {
            let json = json!({
                "missed": { "pattern": pattern, "after": after.number(), "up_to": up_to.number() }
            });
            (format!("missed of {pattern}"), json, None)
        }
    }
}

pub(super) fn replay(data: &DataDirectory, id: u64) -> Result<Report, Failure> {
    let asked = data.replay(DeadLetterId(id))?;
    let line = match asked {
        Asked::Now => format!("the next start of the system replays the dead letter {id}"),
        Asked::Before => {
            format!("the next start replays the dead letter {id}; that was asked for before")
        }
        Asked::Missing => return Err(missing(id)),
        Asked::Gone => {
            let message = format!("the dead letter {id} is about events that are gone; discard it");
            return Err(Failure::Refused(message));
        }
    };
    Ok(Report::line(json!({ "replayed_at_next_start": id }), line))
}

pub(super) fn discard(data: &DataDirectory, id: u64) -> Result<Report, Failure> {
    if data.discard(DeadLetterId(id))? {
        let line = format!("the dead letter {id} is gone");
        return Ok(Report::line(json!({ "discarded": id }), line));
    }
    Err(missing(id))
}

fn missing(id: u64) -> Failure {
    Failure::Refused(format!("there is no dead letter {id}"))
}
