//! Reading.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::codec::{self, Damaged, StateIds, encoded, get, limit, signed};
use super::{BoxError, tags};
use crate::actor::ActorId;
use crate::event::Position;
use crate::store::row::{
    AnswerKey, CallId, CallRow, Cursor, DeadLetterId, DeadLetterRow, DeadLetterSource, Encoded,
    Epoch, EventRow, NewCall, NewDeadLetter, NewEvent, Opened, Revision, RevisionRow, StoredActor,
    SubscriptionId, SubscriptionRow,
};

type Result<T> = std::result::Result<T, BoxError>;

pub(super) fn all<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn one<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_row(params, |row| Ok(read(row))).optional()?.transpose()
}

pub(super) fn opened(connection: &Connection) -> Result<Opened> {
    one(connection, "SELECT epoch, head, batch, identity FROM meta", (), |row| {
        Ok(Opened {
            epoch: Epoch(get(row, 0)?),
            head: Position(get(row, 1)?),
            batch: get(row, 2)?,
            // Any 64 bits.
            identity: get::<i64>(row, 3)?.cast_unsigned(),
        })
    })
    .map_err(Damaged::naming(|| "the table `meta`".to_owned()))?
    .ok_or_else(|| "the table `meta` is empty".into())
}

/// The state with this id, of `actor`.
fn state(connection: &Connection, actor: &ActorId, id: u64) -> Result<RevisionRow> {
    let read = |row: &Row<'_>| {
        Ok(RevisionRow {
            revision: Revision(get(row, 0)?),
            state: encoded(row, 1)?,
            at: get(row, 3)?,
        })
    };
    let sql = "SELECT revision, type, state, at FROM states WHERE id = ?1";
    one(connection, sql, [signed(id)], read)
        .and_then(|found| found.ok_or_else(|| format!("the state {id} is missing").into()))
        .map_err(Damaged::naming(|| format!("the actor {actor}")))
}

/// Sees one moment of the data, whatever is committed meanwhile.
fn at_once<T>(connection: &Connection, read: impl FnOnce() -> Result<T>) -> Result<T> {
    let moment = connection.unchecked_transaction()?;
    let found = read();
    moment.finish()?;
    found
}

struct Found {
    revision: Revision,
    cursor: Option<Cursor>,
    states: StateIds,
}

fn find(connection: &Connection, actor: &ActorId) -> Result<Option<Found>> {
    let sql = "SELECT revision, position, subscription, recent FROM actors WHERE key = ?1";
    one(connection, sql, [actor.as_str()], |row| {
        Ok(Found {
            revision: Revision(get(row, 0)?),
            cursor: codec::cursor(row, 1)?,
            states: get(row, 3)?,
        })
    })
    .map_err(Damaged::naming(|| format!("the actor {actor}")))
}

pub(super) fn load(connection: &Connection, actor: &ActorId) -> Result<Option<StoredActor>> {
    at_once(connection, || {
        let Some(found) = find(connection, actor)? else { return Ok(None) };
        let newest = match found.states.last() {
            Some(id) => Some(state(connection, actor, *id)?.state),
            None => None,
        };
        let tags = tags::of(connection, actor)
            .map_err(Damaged::naming(|| format!("the actor {actor}")))?;
        let Found { revision, cursor, .. } = found;
        Ok(Some(StoredActor { revision, state: newest, cursor, tags }))
    })
}

pub(super) fn history(connection: &Connection, actor: &ActorId) -> Result<Vec<RevisionRow>> {
    at_once(connection, || {
        let states = find(connection, actor)?.map_or(StateIds::new(), |found| found.states);
        states.into_iter().map(|id| state(connection, actor, id)).collect()
    })
}

pub(super) fn instances(
    connection: &Connection,
    name: &str,
    after: Option<&str>,
    rows: usize,
) -> Result<Vec<ActorId>> {
    // No instance has the empty id. `0` is the character after the slash.
    let (first, last) = (format!("{name}/{}", after.unwrap_or_default()), format!("{name}0"));
    let sql = "SELECT key FROM actors WHERE key > ?1 AND key < ?2 ORDER BY key LIMIT ?3";
    all(connection, sql, params![first, last, limit(rows)], |row| get(row, 0))
}

pub(super) fn log(connection: &Connection, after: Position, rows: usize) -> Result<Vec<EventRow>> {
    let sql = "SELECT position, channel, type, payload, publisher, metadata, at FROM log
               WHERE position > ?1 ORDER BY position LIMIT ?2";
    all(connection, sql, [signed(after.0), limit(rows)], |row| {
        let position = Position(get(row, 0)?);
        let read = || {
            Ok(NewEvent {
                channel: get(row, 1)?,
                payload: encoded(row, 2)?,
                publisher: get(row, 4)?,
                metadata: get(row, 5)?,
                at: get(row, 6)?,
            })
        };
        let event =
            read().map_err(Damaged::naming(|| format!("the event at position {position}")))?;
        Ok(EventRow { position, event })
    })
}

pub(super) fn subscriptions(connection: &Connection) -> Result<Vec<SubscriptionRow>> {
    let sql = "SELECT id, subscriber, pattern, since, lapsed FROM subscriptions ORDER BY id";
    all(connection, sql, (), |row| {
        let id = SubscriptionId(get(row, 0)?);
        subscription(id, row).map_err(Damaged::naming(|| format!("the subscription {id}")))
    })
}

fn subscription(id: SubscriptionId, row: &Row<'_>) -> Result<SubscriptionRow> {
    let lapsed: Option<u64> = get(row, 4)?;
    Ok(SubscriptionRow {
        id,
        subscriber: get(row, 1)?,
        pattern: get(row, 2)?,
        since: Position(get(row, 3)?),
        lapsed: lapsed.map(Position),
    })
}

pub(super) fn cursor(connection: &Connection, subscriber: &str) -> Result<Option<Cursor>> {
    let sql = "SELECT position, subscription FROM cursors WHERE subscriber = ?1";
    one(connection, sql, [subscriber], |row| place(row, 0))
        .map_err(Damaged::naming(|| format!("the cursor of {subscriber}")))
}

/// The cursor of a row that is there for nothing else.
pub(super) fn place(row: &Row<'_>, index: usize) -> Result<Cursor> {
    codec::cursor(row, index)?.ok_or_else(|| "position: it has none".into())
}

pub(super) fn parked(connection: &Connection, name: &str) -> Result<Vec<(ActorId, Cursor)>> {
    // All rows: one whose key is no id is anybody's, and whoever it was would never get what it has not had.
    let found = all(connection, "SELECT actor, position, subscription FROM parked", (), |row| {
        let actor = instance(row, 0)
            .map_err(Damaged::naming(|| "a row of the table `parked`".to_owned()))?;
        if actor.name() != name {
            return Ok(None);
        }
        let after = place(row, 1).map_err(Damaged::naming(|| format!("the parking of {actor}")))?;
        Ok(Some((actor, after)))
    })?;
    Ok(found.into_iter().flatten().collect())
}

fn instance(row: &Row<'_>, index: usize) -> Result<ActorId> {
    let actor: ActorId = get(row, index)?;
    if actor.instance().is_none() {
        return Err(format!("actor: {actor} is no instance").into());
    }
    Ok(actor)
}

pub(super) fn answer(
    connection: &Connection,
    key: &AnswerKey,
    now: u64,
) -> Result<Option<Encoded>> {
    let sql = "SELECT type, response FROM answers WHERE actor = ?1 AND action = ?2 AND key = ?3 AND expires > ?4";
    let params = params![key.actor.as_str(), key.action, key.key, signed(now)];
    let named = Damaged::naming(|| format!("the answer to `{}` of {}", key.action, key.actor));
    one(connection, sql, params, |row| encoded(row, 0)).map_err(named)
}

pub(super) fn note(connection: &Connection, name: &str) -> Result<Option<Bytes>> {
    one(connection, "SELECT note FROM notes WHERE name = ?1", [name], |row| get(row, 0))
}

fn new_call(row: &Row<'_>) -> Result<(u32, NewCall)> {
    let call = NewCall {
        due: get(row, 2)?,
        target: get(row, 3)?,
        action: get(row, 4)?,
        payload: encoded(row, 5)?,
        caller: get(row, 7)?,
        metadata: get(row, 8)?,
    };
    Ok((get(row, 1)?, call))
}

fn call_row(row: &Row<'_>) -> Result<CallRow> {
    let id = CallId(get(row, 0)?);
    let (attempts, call) = new_call(row).map_err(Damaged::naming(|| format!("the call {id}")))?;
    Ok(CallRow { id, attempts, call })
}

pub(super) fn calls(connection: &Connection, after: CallId, rows: usize) -> Result<Vec<CallRow>> {
    let sql = "SELECT id, attempts, due, target, action, type, payload, caller, metadata FROM calls
               WHERE id > ?1 ORDER BY id LIMIT ?2";
    all(connection, sql, [signed(after.0), limit(rows)], call_row)
}

pub(super) fn call(connection: &Connection, id: CallId) -> Result<Option<CallRow>> {
    let sql = "SELECT id, attempts, due, target, action, type, payload, caller, metadata FROM calls
               WHERE id = ?1";
    one(connection, sql, [signed(id.0)], call_row)
}

pub(super) fn dead_letters(
    connection: &Connection,
    after: DeadLetterId,
    rows: usize,
) -> Result<Vec<DeadLetterRow>> {
    let sql = "SELECT id, subscriber, error, attempts, at, type, payload, metadata,
                      pattern, position, channel, publisher, published, due, target, action, caller, after
               FROM dead_letters WHERE id > ?1 ORDER BY id LIMIT ?2";
    all(connection, sql, [signed(after.0), limit(rows)], |row| {
        let id = DeadLetterId(get(row, 0)?);
        let letter =
            dead_letter(row).map_err(Damaged::naming(|| format!("the dead letter {id}")))?;
        Ok(DeadLetterRow { id, letter })
    })
}

fn dead_letter(row: &Row<'_>) -> Result<NewDeadLetter> {
    let (position, after): (Option<u64>, Option<u64>) = (get(row, 9)?, get(row, 17)?);
    let source = match (position.map(Position), after.map(Position)) {
        (Some(up_to), Some(after)) => {
            DeadLetterSource::Missed { pattern: get(row, 8)?, after, up_to }
        }
        (Some(position), None) => {
            let event = NewEvent {
                channel: get(row, 10)?,
                payload: encoded(row, 5)?,
                publisher: get(row, 11)?,
                metadata: get(row, 7)?,
                at: get(row, 12)?,
            };
            DeadLetterSource::Event { pattern: get(row, 8)?, event: EventRow { position, event } }
        }
        (None, _) => DeadLetterSource::Call(NewCall {
            due: get(row, 13)?,
            target: get(row, 14)?,
            action: get(row, 15)?,
            payload: encoded(row, 5)?,
            caller: get(row, 16)?,
            metadata: get(row, 7)?,
        }),
    };
    Ok(NewDeadLetter {
        subscriber: get(row, 1)?,
        source,
        error: get(row, 2)?,
        attempts: get(row, 3)?,
        at: get(row, 4)?,
    })
}
