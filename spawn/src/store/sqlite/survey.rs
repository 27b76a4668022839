//! What the file holds, in numbers.

use rusqlite::{Connection, OptionalExtension, Params};

use super::codec::{self, get, signed};
use super::{BoxError, read};
use crate::store::Survey;

type Result<T> = std::result::Result<T, BoxError>;

pub(super) fn survey(connection: &Connection, now: u64) -> Result<Survey> {
    let moment = connection.unchecked_transaction()?;
    let mut survey = Survey {
        actors: count(connection, "SELECT count(*) FROM actors", ())?,
        calls: count(connection, "SELECT count(*) FROM calls", ())?,
        overdue: count(connection, "SELECT count(*) FROM calls WHERE due <= ?1", [signed(now)])?,
        dead_letters: count(connection, "SELECT count(*) FROM dead_letters", ())?,
        parked: count(connection, "SELECT count(*) FROM parked", ())?,
        ..Survey::default()
    };
    for row in read::subscriptions(connection)? {
        let of_actor = "SELECT position, subscription FROM actors WHERE key = ?1";
        // One that is damaged is told by whoever needs it.
        let cursor = match read::cursor(connection, &row.subscriber) {
            Ok(Some(cursor)) => Some(cursor),
            Err(_) => None,
            Ok(None) => {
                let found = connection
                    .prepare_cached(of_actor)?
                    .query_row([&row.subscriber], |row| Ok(codec::cursor(row, 0).ok().flatten()));
                found.optional()?.flatten()
            }
        };
        if let Some(cursor) = cursor {
            survey.reach(&row, cursor);
        }
    }
    moment.finish()?;
    Ok(survey)
}

fn count(connection: &Connection, sql: &str, params: impl Params) -> Result<u64> {
    connection.prepare_cached(sql)?.query_row(params, |row| Ok(get(row, 0)))?
}
