//! What there is.

use rusqlite::{Connection, Row, params};

use super::super::codec::{self, Damaged, StateIds, get, limit};
use super::super::read::all;
use super::super::{BoxError, read};
use crate::actor::ActorId;
use crate::channel::Channel;
use crate::event::Position;
use crate::store::row::{Cursor, Opened, Revision};

/// How much there is of everything; from [`DataDirectory::overview`](super::DataDirectory::overview).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DataOverview {
    /// What the store tells a system that opens it, but that the epoch is the last one.
    pub opened: Opened,
    /// The version of the format.
    pub format: u32,
    /// The size of the file, in bytes, without its log.
    pub size: u64,
    /// Saved actors.
    pub actors: u64,
    /// States that are kept, of all revisions.
    pub states: u64,
    /// Events in the log.
    pub events: u64,
    /// Durable subscriptions.
    pub subscriptions: u64,
    /// Effects and calls that wait.
    pub calls: u64,
    /// Dead letters.
    pub dead_letters: u64,
}

pub(super) fn overview(connection: &Connection) -> Result<DataOverview, BoxError> {
    let one = |sql: &str| -> Result<u64, BoxError> {
        connection.query_row(sql, (), |row| Ok(get(row, 0)))?
    };
    let count = |table: &str| one(&format!("SELECT count(*) FROM {table}"));
    Ok(DataOverview {
        opened: read::opened(connection)?,
        format: connection.query_row("PRAGMA user_version", (), |row| row.get(0))?,
        size: one("PRAGMA page_count")? * one("PRAGMA page_size")?,
        actors: count("actors")?,
        states: count("states")?,
        events: count("log")?,
        subscriptions: count("subscriptions")?,
        calls: count("calls")?,
        dead_letters: count("dead_letters")?,
    })
}

/// What is known of a saved actor without its state; from [`DataDirectory::actors`](super::DataDirectory::actors).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SavedActor {
    /// Who it is.
    pub id: ActorId,
    /// The number of its state; 0 if only its cursor was saved.
    pub revision: Revision,
    /// How many revisions are kept.
    pub kept: usize,
    /// Its newest state.
    pub state: Option<SavedState>,
    /// How far it is with its subscriptions.
    pub cursor: Option<Cursor>,
}

/// What is known of a state without its bytes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SavedState {
    /// The full name of its type.
    pub type_name: String,
    /// How many bytes it has.
    pub size: u64,
    /// When it was committed, in milliseconds since 1970.
    pub at: u64,
}

pub(super) fn actors(
    connection: &Connection,
    part: &str,
    after: &str,
    rows: usize,
) -> Result<Vec<SavedActor>, BoxError> {
    let sql = "SELECT key, revision, position, subscription, recent FROM actors
               WHERE key > ?1 AND instr(key, ?2) > 0 ORDER BY key LIMIT ?3";
    all(connection, sql, params![after, part, limit(rows)], |row| {
        let id: ActorId = get(row, 0)?;
        let named = Damaged::naming(|| format!("the actor {id}"));
        let read = || -> Result<SavedActor, BoxError> {
            let recent: StateIds = get(row, 4)?;
            let state = match recent.last() {
                Some(newest) => Some(state(connection, *newest)?),
                None => None,
            };
            Ok(SavedActor {
                id: id.clone(),
                revision: Revision(get(row, 1)?),
                kept: recent.len(),
                state,
                cursor: codec::cursor(row, 2)?,
            })
        };
        read().map_err(named)
    })
}

fn state(connection: &Connection, id: u64) -> Result<SavedState, BoxError> {
    let sql = "SELECT type, length(state), at FROM states WHERE id = ?1";
    let found = all(connection, sql, [codec::signed(id)], |row| {
        Ok(SavedState { type_name: get(row, 0)?, size: get(row, 1)?, at: get(row, 2)? })
    })?;
    found.into_iter().next().ok_or_else(|| format!("the state {id} is missing").into())
}

/// The events of a channel that are in the log; from [`DataDirectory::channels`](super::DataDirectory::channels).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoredChannel {
    /// The channel.
    pub channel: Channel,
    /// How many events it has.
    pub events: u64,
    /// The position of the oldest.
    pub first: Position,
    /// The position of the newest.
    pub last: Position,
    /// When the newest was published, in milliseconds since 1970.
    pub at: u64,
    /// How many bytes their payloads have.
    pub size: u64,
}

pub(super) fn channels(connection: &Connection) -> Result<Vec<StoredChannel>, BoxError> {
    let sql =
        "SELECT channel, count(*), min(position), max(position), max(at), sum(length(payload))
               FROM log GROUP BY channel ORDER BY channel";
    all(connection, sql, (), |row: &Row<'_>| {
        Ok(StoredChannel {
            channel: get(row, 0)?,
            events: get(row, 1)?,
            first: Position(get(row, 2)?),
            last: Position(get(row, 3)?),
            at: get(row, 4)?,
            size: get(row, 5)?,
        })
    })
}
