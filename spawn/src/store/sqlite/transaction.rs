//! All or nothing, or unknown.

use rusqlite::{Connection, ErrorCode};

use super::{BoxError, StoreError, Verdict};

/// What a transaction could not do.
pub(super) enum Failure<T> {
    /// It did not take effect.
    Failed(BoxError),
    /// Nobody knows. With what it came to if it did take effect.
    Unknown(Option<T>, BoxError),
}

impl<T> Failure<T> {
    pub(super) fn into_error(
        self,
        doing: &str,
        verdicts: impl FnOnce(T) -> Vec<Verdict>,
    ) -> StoreError {
        match self {
            Self::Failed(cause) => StoreError::failed(doing, cause),
            Self::Unknown(outcome, cause) => {
                StoreError::unknown(doing, outcome.map(verdicts).unwrap_or_default(), cause)
            }
        }
    }
}

/// Writes in one transaction. The connection is not to be used again after [`Failure::Unknown`].
pub(super) fn transact<T>(
    connection: &Connection,
    write: impl FnOnce() -> Result<T, BoxError>,
) -> Result<T, Failure<T>> {
    let written = (|| {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute(())?;
        write()
    })();
    let (outcome, cause) = match written {
        Err(cause) => (None, cause),
        Ok(outcome) => {
            match connection.prepare_cached("COMMIT").and_then(|mut it| it.execute(())) {
                Ok(_) => return Ok(outcome),
                // Without room, the log lacks the frame that would make the transaction count.
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => {
                    (None, error.into())
                }
                // After any other failure it may be there, or reach the disk later.
                Err(error) => return Err(Failure::Unknown(Some(outcome), error.into())),
            }
        }
    };
    // Some failures have rolled back already.
    if connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok() {
        Err(Failure::Failed(cause))
    } else {
        Err(Failure::Unknown(outcome, cause))
    }
}
