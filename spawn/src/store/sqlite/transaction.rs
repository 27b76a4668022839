//! All or nothing, or unknown.

use rusqlite::{Connection, ErrorCode};

use super::{BoxError, StoreError};

/// Writes in one transaction. The connection is not to be used again after [`StoreError::Unknown`].
pub(super) fn transact<T>(
    connection: &Connection,
    doing: &str,
    write: impl FnOnce() -> Result<T, BoxError>,
) -> Result<T, StoreError> {
    let written = (|| {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute(())?;
        write()
    })();
    let (cause, is_known) = match written {
        Err(cause) => (cause, true),
        Ok(outcome) => {
            match connection.prepare_cached("COMMIT").and_then(|mut it| it.execute(())) {
                Ok(_) => return Ok(outcome),
                // Without room, the log lacks the frame that would make the transaction count. After any other failure it may be
                // there, or reach the disk later.
                Err(error) => {
                    let is_known = error.sqlite_error_code() == Some(ErrorCode::DiskFull);
                    (error.into(), is_known)
                }
            }
        }
    };
    // Some failures have rolled back already.
    let is_over = || connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok();
    if is_known && is_over() {
        Err(StoreError::failed(doing, cause))
    } else {
        Err(StoreError::unknown(doing, cause))
    }
}
