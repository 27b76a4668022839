//! What is written beside the batches: epochs, subscriptions, retention.

use rusqlite::{Connection, OptionalExtension, params};

use super::BoxError;
use super::codec::{self, limit, signed};
use super::read;
use crate::event::Position;
use crate::store::row::{NewSubscription, Opened, SubscriptionId, SubscriptionRow, Trim, Trimmed};

type Result<T> = std::result::Result<T, BoxError>;

/// How many expired answers go at once, so that a batch never waits long for the connection.
const ANSWERS: i64 = 1_024;

pub(super) fn begin_epoch(connection: &Connection) -> Result<Opened> {
    // SQLite counts what is no number as one; what is damaged is told before it is changed.
    read::opened(connection)?;
    connection.execute("UPDATE meta SET epoch = epoch + 1", ())?;
    read::opened(connection)
}

/// Copies the log into the file and empties it.
pub(super) fn checkpoint(connection: &Connection) -> Result<()> {
    let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
    let (frames, copied): (i64, i64) =
        connection.query_row(sql, (), |row| Ok((row.get(1)?, row.get(2)?)))?;
    if frames == copied { Ok(()) } else { Err("another program reads the file".into()) }
}

pub(super) fn register(
    connection: &Connection,
    subscriptions: &[NewSubscription],
) -> Result<Vec<SubscriptionRow>> {
    for NewSubscription { subscriber, pattern, from_start } in subscriptions {
        let exists = connection
            .prepare_cached("SELECT 1 FROM subscriptions WHERE subscriber = ?1 AND pattern = ?2")?
            .exists(params![subscriber, pattern])?;
        if exists {
            continue;
        }
        let oldest = "SELECT position - 1 FROM log ORDER BY position LIMIT 1";
        let oldest: Option<i64> = connection.query_row(oldest, (), |row| row.get(0)).optional()?;
        let (head, id): (i64, i64) = connection.query_row(
            "UPDATE meta SET subscription = subscription + 1 RETURNING head, subscription",
            (),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let since = oldest.filter(|_| *from_start).unwrap_or(head);
        let lapsed = Some(since).filter(|since| *from_start && *since > 0);
        connection.execute(
            "INSERT INTO subscriptions (id, subscriber, pattern, since, lapsed) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id, subscriber, pattern, since, lapsed],
        )?;
    }
    let all = read::subscriptions(connection)?;
    Ok(all)
}

pub(super) fn drop_subscription(connection: &Connection, id: SubscriptionId) -> Result<bool> {
    Ok(connection.execute("DELETE FROM subscriptions WHERE id = ?1", [signed(id.0)])? > 0)
}

pub(super) fn trim_log(connection: &Connection, trim: &Trim<'_>) -> Result<Trimmed> {
    // Looks at no more rows than it is told, and at one that is too new.
    let mut trimmed = Trimmed { reached: trim.after, ..Trimmed::default() };
    let mut going = Vec::new();
    {
        let mut oldest = connection.prepare_cached(
            "SELECT position, at, channel FROM log WHERE position > ?1 AND position <= ?2
             ORDER BY position LIMIT ?3",
        )?;
        let range = [signed(trim.after.0), signed(trim.up_to.0), limit(trim.limit)];
        let mut found = oldest.query(range)?;
        while let Some(row) = found.next()? {
            let position: i64 = row.get(0)?;
            if row.get::<_, i64>(1)? >= signed(trim.before) {
                break;
            }
            trimmed.looked_at += 1;
            trimmed.reached = Position(position.cast_unsigned());
            if (trim.goes)(&codec::get(row, 2)?) {
                going.push(position);
            }
        }
    }
    trimmed.gone = going.len();
    if going.len() == trimmed.looked_at {
        let range = [signed(trim.after.0), signed(trimmed.reached.0)];
        connection
            .prepare_cached("DELETE FROM log WHERE position > ?1 AND position <= ?2")?
            .execute(range)?;
    } else {
        let mut delete = connection.prepare_cached("DELETE FROM log WHERE position = ?1")?;
        for position in going {
            delete.execute([position])?;
        }
    }
    Ok(trimmed)
}

/// Whether there may be more.
pub(super) fn trim_answers(connection: &Connection, now: u64) -> Result<bool> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM answers WHERE (actor, action, key) IN
             (SELECT actor, action, key FROM answers WHERE expires <= ?1 LIMIT ?2)",
    )?;
    Ok(delete.execute([signed(now), ANSWERS])? >= usize::try_from(ANSWERS)?)
}

pub(super) fn set_note(connection: &Connection, name: &str, note: &[u8]) -> Result<()> {
    let sql = "REPLACE INTO notes (name, note) VALUES (?1, ?2)";
    connection.execute(sql, params![name, note])?;
    Ok(())
}
