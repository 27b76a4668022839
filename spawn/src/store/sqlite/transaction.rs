//! All or nothing, or unknown.

use rusqlite::{Connection, ErrorCode};

use super::{BoxError, StoreError, Verdict};

/// Writes in one transaction. `verdicts` are those that hold if its outcome is unknown. The connection is not to be used again after [`StoreError::Unknown`].
pub(super) fn transact<T>(
    connection: &Connection,
    doing: &str,
    write: impl FnOnce() -> Result<T, BoxError>,
    verdicts: impl FnOnce(T) -> Vec<Verdict>,
) -> Result<T, StoreError> {
    let written = (|| {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute(())?;
        write()
    })();
    let (cause, verdicts) = match written {
        Err(cause) => (cause, None),
        Ok(outcome) => {
            match connection.prepare_cached("COMMIT").and_then(|mut it| it.execute(())) {
                Ok(_) => return Ok(outcome),
                // Without room, the log lacks the frame that would make the transaction count. After any other failure it may be
                // there, or reach the disk later.
                Err(error) => {
                    let is_known = error.sqlite_error_code() == Some(ErrorCode::DiskFull);
                    (error.into(), (!is_known).then(|| verdicts(outcome)))
                }
            }
        }
    };
    // Some failures have rolled back already.
    let is_over = || connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok();
    match verdicts {
        None if is_over() => Err(StoreError::failed(doing, cause)),
        verdicts => Err(StoreError::unknown(doing, verdicts.unwrap_or_default(), cause)),
    }
}
