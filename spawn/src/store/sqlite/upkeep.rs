//! What is written beside the batches: epochs, subscriptions, retention.

use rusqlite::{Connection, OptionalExtension, params};

use super::BoxError;
use super::codec::{limit, signed};
use super::read;
use crate::event::Position;
use crate::store::row::{NewSubscription, Opened, SubscriptionId, SubscriptionRow};

type Result<T> = std::result::Result<T, BoxError>;

/// How many expired answers go at once, so that a batch never waits long for the connection.
const ANSWERS: i64 = 1_024;

pub(super) fn begin_epoch(connection: &Connection) -> Result<Opened> {
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
        connection.execute(
            "INSERT INTO subscriptions (id, subscriber, pattern, since) VALUES (?1, ?2, ?3, ?4)",
            params![id, subscriber, pattern, since],
        )?;
    }
    let all = read::subscriptions(connection)?;
    Ok(all)
}

pub(super) fn drop_subscription(connection: &Connection, id: SubscriptionId) -> Result<bool> {
    Ok(connection.execute("DELETE FROM subscriptions WHERE id = ?1", [signed(id.0)])? > 0)
}

pub(super) fn mark_lapsed(
    connection: &Connection,
    id: SubscriptionId,
    up_to: Position,
) -> Result<()> {
    let sql = "UPDATE subscriptions SET lapsed = max(coalesce(lapsed, 0), ?2) WHERE id = ?1";
    connection.execute(sql, [signed(id.0), signed(up_to.0)])?;
    Ok(())
}

pub(super) fn trim_log(
    connection: &Connection,
    up_to: Position,
    before: u64,
    rows: usize,
) -> Result<usize> {
    // Looks at no more rows than go, and at one that stays.
    let last = {
        let mut oldest = connection.prepare_cached(
            "SELECT position, at FROM log WHERE position <= ?1 ORDER BY position LIMIT ?2",
        )?;
        let mut found = oldest.query([signed(up_to.0), limit(rows)])?;
        let mut last = None;
        while let Some(row) = found.next()? {
            let at: i64 = row.get(1)?;
            if at >= signed(before) {
                break;
            }
            last = Some(row.get::<_, i64>(0)?);
        }
        last
    };
    let Some(last) = last else { return Ok(0) };
    let gone =
        connection.prepare_cached("DELETE FROM log WHERE position <= ?1")?.execute([last])?;
    Ok(gone)
}

/// Whether there may be more.
pub(super) fn trim_answers(connection: &Connection, now: u64) -> Result<bool> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM answers WHERE (actor, action, key) IN
             (SELECT actor, action, key FROM answers WHERE expires <= ?1 LIMIT ?2)",
    )?;
    Ok(delete.execute([signed(now), ANSWERS])? >= usize::try_from(ANSWERS)?)
}
