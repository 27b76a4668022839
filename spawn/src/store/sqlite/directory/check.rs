//! Whether the data is sound.

use std::collections::HashMap;
use std::fmt::Display;

use rusqlite::{Connection, Params, Row};

use super::super::codec::{self, StateIds, get};
use super::super::{BoxError, read};
use crate::actor::ActorId;
use crate::channel::Channel;
use crate::event::Position;
use crate::metadata::Metadata;
use crate::retention;
use crate::store::row::{CallId, Cursor, DeadLetterId};

/// How many rows are read at once where all of them are decoded.
const PAGE: usize = 512;

/// What is wrong, up to so much of it.
struct Faults {
    found: Vec<String>,
    limit: usize,
}

impl Faults {
    fn add(&mut self, fault: impl Display) {
        if !self.is_full() {
            self.found.push(fault.to_string());
        }
    }

    fn is_full(&self) -> bool {
        self.found.len() >= self.limit
    }

    /// Adds what went wrong, with its causes.
    fn note(&mut self, outcome: Result<(), BoxError>) {
        if let Err(error) = outcome {
            let mut text = error.to_string();
            let mut next = error.source();
            while let Some(cause) = next {
                text.extend([": ", &cause.to_string()]);
                next = cause.source();
            }
            self.add(text);
        }
    }
}

/// The last ids that were given out.
struct Ids {
    head: u64,
    state: u64,
    call: u64,
    dead_letter: u64,
    subscription: u64,
}

/// Everything is looked at in one moment of the data.
pub(super) fn check(connection: &Connection, limit: usize) -> Vec<String> {
    let mut faults = Faults { found: Vec::new(), limit };
    let looked = (|| {
        let moment = connection.unchecked_transaction()?;
        look(connection, &mut faults)?;
        moment.finish()?;
        Ok(())
    })();
    faults.note(looked);
    faults.found
}

fn look(connection: &Connection, faults: &mut Faults) -> Result<(), BoxError> {
    // SQLite reads what is missing of the last page as zeros.
    let page_size: u64 = connection.query_row("PRAGMA page_size", (), |row| Ok(get(row, 0)))??;
    if let Some(file) = connection.path() {
        let length = std::fs::metadata(file)?.len();
        if !length.is_multiple_of(page_size) {
            faults.add(format_args!(
                "the file is cut off: {length} bytes are no whole pages of {page_size}"
            ));
        }
    }
    each(connection, "PRAGMA integrity_check(100)", (), |row| {
        let said: String = get(row, 0)?;
        if said != "ok" {
            faults.add(format_args!("SQLite: {said}"));
        }
        Ok(())
    })?;
    // What SQLite itself cannot read is not worth looking at more closely.
    if !faults.found.is_empty() {
        return Ok(());
    }
    let sql = "SELECT head, state, call, dead_letter, subscription FROM meta";
    let mut ids = None;
    each(connection, sql, (), |row| {
        ids = Some(Ids {
            head: get(row, 0)?,
            state: get(row, 1)?,
            call: get(row, 2)?,
            dead_letter: get(row, 3)?,
            subscription: get(row, 4)?,
        });
        Ok(())
    })?;
    let ids = ids.ok_or("the table `meta` is empty")?;
    for (table, column, last) in [
        ("log", "position", ids.head),
        ("states", "id", ids.state),
        ("calls", "id", ids.call),
        ("dead_letters", "id", ids.dead_letter),
        ("subscriptions", "id", ids.subscription),
    ] {
        let sql = format!("SELECT coalesce(max({column}), 0) FROM {table}");
        each(connection, &sql, (), |row| {
            let max: u64 = get(row, 0)?;
            if max > last {
                faults.add(format_args!(
                    "the table `{table}` has the {column} {max}, and the last that was given out is {last}"
                ));
            }
            Ok(())
        })?;
    }
    let head = Position(ids.head);
    let actors = actors(connection, head, faults);
    faults.note(actors);
    let cursors = cursors(connection, head, faults);
    faults.note(cursors);
    let subscriptions = subscriptions(connection, head, faults);
    faults.note(subscriptions);
    let log = log(connection, faults);
    faults.note(log);
    faults.note(calls(connection));
    let letters = dead_letters(connection, head, faults);
    faults.note(letters);
    let tags = tags(connection, faults);
    faults.note(tags);
    Ok(())
}

/// Looks at the rows one by one, so that not all of them are in memory.
fn each(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    mut look: impl FnMut(&Row<'_>) -> Result<(), BoxError>,
) -> Result<(), BoxError> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        look(row)?;
    }
    Ok(())
}

/// Who an actor's row belongs to: its revisions follow one upon the other, each has a state, and each state has an actor.
fn actors(connection: &Connection, head: Position, faults: &mut Faults) -> Result<(), BoxError> {
    // The revisions of states that no actor has had yet.
    let mut states = HashMap::new();
    each(connection, "SELECT id, revision FROM states", (), |row| {
        let (id, revision): (u64, u64) = (get(row, 0)?, get(row, 1)?);
        states.insert(id, revision);
        Ok(())
    })?;
    let sql = "SELECT key, revision, position, subscription, recent FROM actors";
    each(connection, sql, (), |row| {
        let key: String = get(row, 0)?;
        let read = || -> Result<_, BoxError> {
            ActorId::parse(&key)?;
            let (revision, recent): (u64, StateIds) = (get(row, 1)?, get(row, 4)?);
            Ok((revision, recent, codec::cursor(row, 2)?))
        };
        let (revision, recent, cursor) = match read() {
            Ok(found) => found,
            Err(error) => {
                faults.add(format_args!("the actor {key:?}: {error}"));
                return Ok(());
            }
        };
        if (revision == 0) != recent.is_empty() {
            faults.add(format_args!(
                "the actor {key} has the revision {revision} and keeps {} states",
                recent.len()
            ));
        }
        for (wanted, id) in (0..=revision).rev().zip(recent.iter().rev()) {
            match states.remove(id) {
                None => faults.add(format_args!(
                    "the actor {key} has no state for its revision {wanted}: {id} is missing, or another one has it too"
                )),
                Some(found) if found != wanted => faults.add(format_args!(
                    "the actor {key} has a state of the revision {found} where that of {wanted} should be"
                )),
                Some(_) => {}
            }
        }
        behind_head(&format_args!("the actor {key}"), cursor, head, faults);
        Ok(())
    })?;
    if !states.is_empty() {
        faults.add(format_args!("{} states belong to no actor", states.len()));
    }
    Ok(())
}

fn behind_head(who: &dyn Display, cursor: Option<Cursor>, head: Position, faults: &mut Faults) {
    if let Some(cursor) = cursor
        && cursor.position > head
    {
        let at = cursor.position;
        faults.add(format_args!("{who} is at the position {at}, and the log ends at {head}"));
    }
}

fn cursors(connection: &Connection, head: Position, faults: &mut Faults) -> Result<(), BoxError> {
    for (table, column) in [("cursors", "subscriber"), ("parked", "actor")] {
        let sql = format!("SELECT {column}, position, subscription FROM {table}");
        each(connection, &sql, (), |row| {
            let read = || -> Result<(String, Cursor), BoxError> {
                let who: String = get(row, 0)?;
                ActorId::parse(who.strip_prefix("external:").unwrap_or(&who))?;
                let cursor = read::place(row, 1).map_err(|error| format!("{who}: {error}"))?;
                Ok((who, cursor))
            };
            match read() {
                Ok((who, cursor)) => behind_head(&who, Some(cursor), head, faults),
                Err(error) => faults.add(format_args!("the table `{table}`: {error}")),
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn subscriptions(
    connection: &Connection,
    head: Position,
    faults: &mut Faults,
) -> Result<(), BoxError> {
    for row in read::subscriptions(connection)? {
        if let Err(error) = retention::pattern_of(&row) {
            faults.add(format_args!("the subscription {}: {error}", row.id));
        }
        for (what, position) in [("begins", Some(row.since)), ("has lapsed", row.lapsed)] {
            if let Some(position) = position
                && position > head
            {
                faults.add(format_args!(
                    "the subscription {} {what} at {position}, and the log ends at {head}",
                    row.id
                ));
            }
        }
    }
    Ok(())
}

fn log(connection: &Connection, faults: &mut Faults) -> Result<(), BoxError> {
    let sql = "SELECT position, channel, publisher, metadata FROM log";
    each(connection, sql, (), |row| {
        let position: i64 = row.get(0)?;
        let read = || -> Result<(), BoxError> {
            let _channel: Channel = get(row, 1)?;
            let _publisher: Option<ActorId> = get(row, 2)?;
            let _metadata: Metadata = get(row, 3)?;
            if position < 1 { Err("positions begin at 1".into()) } else { Ok(()) }
        };
        if let Err(error) = read() {
            faults.add(format_args!("the event at position {position}: {error}"));
        }
        Ok(())
    })
}

fn calls(connection: &Connection) -> Result<(), BoxError> {
    let mut after = CallId::default();
    loop {
        let rows = read::calls(connection, after, PAGE)?;
        match rows.last() {
            Some(last) if rows.len() == PAGE => after = last.id,
            _ => return Ok(()),
        }
    }
}

fn dead_letters(
    connection: &Connection,
    head: Position,
    faults: &mut Faults,
) -> Result<(), BoxError> {
    let mut after = DeadLetterId::default();
    loop {
        let rows = read::dead_letters(connection, after, PAGE)?;
        for row in &rows {
            use crate::store::row::DeadLetterSource::{Call, Event, Missed};
            let position = match &row.letter.source {
                Event { event, .. } => event.position,
                Missed { up_to, .. } => *up_to,
                Call(_) => continue,
            };
            if position > head {
                faults.add(format_args!(
                    "the dead letter {} is about the position {position}, and the log ends at {head}",
                    row.id
                ));
            }
        }
        match rows.last() {
            Some(last) if rows.len() == PAGE => after = last.id,
            _ => return Ok(()),
        }
    }
}

fn tags(connection: &Connection, faults: &mut Faults) -> Result<(), BoxError> {
    let sql = "SELECT DISTINCT actor FROM tags WHERE actor NOT IN (SELECT key FROM actors)";
    each(connection, sql, (), |row| {
        let actor: String = get(row, 0)?;
        faults.add(format_args!("there are tags of {actor}, which was never saved"));
        Ok(())
    })
}
