//! The file: how it is made, recognized, and brought up to date.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{BoxError, StoreError, log, upkeep};

/// Says in the header of the file whose it is: `spwn`.
const APPLICATION_ID: u32 = u32::from_be_bytes(*b"spwn");

/// The steps from an empty file to the current schema. A step that was released is never changed; the number of steps is the
/// version.
const MIGRATIONS: &[&str] =
    &[include_str!("v1.sql"), include_str!("v2.sql"), include_str!("v3.sql")];

/// How long a connection waits for another one, such as a person's with the `sqlite3` tool.
const BUSY: Duration = Duration::from_secs(5);

/// How many prepared statements a connection keeps: more than there are.
const STATEMENTS: usize = 64;

/// For the connection that writes.
///
/// - `synchronous = FULL`: a commit returns after the write-ahead log has been synced; in WAL mode `NORMAL` would not.
/// - `cache_size`: 32 MiB, so that the inner pages of a large tree of actors stay in memory.
/// - `wal_autocheckpoint`: 4,096 pages (16 MiB). A checkpoint writes each changed page once and syncs twice: the more commits
///   share one, the fewer writes; the less, the shorter the recovery.
/// - `journal_size_limit`: a log that grew because a reader held it up shrinks to 64 MiB.
const WRITER: &str = "
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -32768;
    PRAGMA wal_autocheckpoint = 4096;
    PRAGMA journal_size_limit = 67108864;
";

/// For connections that read: checkpoints are the writer's business.
const READER: &str = "
    PRAGMA query_only = ON;
    PRAGMA wal_autocheckpoint = 0;
";

/// Where the file of a directory is.
pub(super) fn file_in(directory: &Path) -> PathBuf {
    directory.join("spawn.db")
}

/// The length of the file, with its log.
pub(super) fn size(directory: &Path) -> io::Result<u64> {
    let mut size = 0;
    for file in [file_in(directory), log_in(directory)] {
        match fs::metadata(file) {
            Ok(found) => size += found.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(size)
}

/// Where its log is, as SQLite calls it.
fn log_in(directory: &Path) -> PathBuf {
    directory.join("spawn.db-wal")
}

/// Two connections that write and checkpoint at the same time could lose commits in SQLite before 3.51.3 (3.50.7, 3.44.6).
pub(super) fn check_library() -> Result<(), StoreError> {
    let number = rusqlite::version_number();
    if is_sound(number) {
        return Ok(());
    }
    let why = format!(
        "the program is linked with SQLite {}, which can lose commits (the WAL-reset bug); use 3.51.3 or later",
        rusqlite::version(),
    );
    Err(StoreError::failed("opening the store", why))
}

fn is_sound(number: i32) -> bool {
    number >= 3_051_003
        || (3_050_007..3_051_000).contains(&number)
        || (3_044_006..3_045_000).contains(&number)
}

/// Makes a directory, and makes it last.
pub(super) fn make_directory(directory: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    if let Some(parent) = directory.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        make_directory(parent)?;
    }
    match fs::create_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && directory.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_directory(directory.parent().unwrap_or(directory)),
    }
}

/// Makes the names in a directory last, where the system can.
pub(super) fn sync_directory(directory: &Path) -> io::Result<()> {
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

/// Whether the process that had the file open last has closed it, or nobody ever had: closing empties the log.
pub(super) fn is_closed(directory: &Path) -> bool {
    let log = directory.join("spawn.db-wal");
    log.metadata().map_or(true, |found| found.len() == 0)
}

/// Opens the file in `directory` to write, making it where there is none.
pub(super) fn open(directory: &Path) -> Result<Connection, StoreError> {
    let file = file_in(directory);
    let unreadable =
        |why: String| StoreError::Unreadable { place: file.display().to_string(), why };
    let failed = |cause: BoxError| match cause
        .downcast_ref::<rusqlite::Error>()
        .and_then(rusqlite::Error::sqlite_error_code)
    {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => unreadable(format!(
            "the file is damaged ({cause}); restore it from a backup, or move it away to begin anew"
        )),
        _ => StoreError::failed(format!("opening {}", file.display()), cause),
    };

    let log = log_in(directory);
    match inspect(&file, &log) {
        Ok(Found::Ours) => {
            keep_damaged(&log).and_then(|()| write_again(&log)).map_err(|it| failed(it.into()))?;
        }
        Ok(Found::Nothing) => create(&file).map_err(failed)?,
        Ok(Found::Fault(why)) => return Err(unreadable(why)),
        Err(cause) => return Err(failed(cause.into())),
    }
    let connection =
        connect(&file, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|e| failed(e.into()))?;
    let version = user_version(&connection).map_err(|e| failed(e.into()))?;
    if version > MIGRATIONS.len() {
        return Err(unreadable(newer(version)));
    }
    let prepare = || -> Result<(), BoxError> {
        // What is in the log is in the file too, before anything builds on it.
        upkeep::checkpoint(&connection)?;
        let mode: String =
            connection.query_row("PRAGMA journal_mode = WAL", (), |row| row.get(0))?;
        if mode != "wal" {
            return Err("the file system does not allow a write-ahead log".into());
        }
        connection.execute_batch(WRITER)?;
        Ok(migrate(&connection, version)?)
    };
    prepare().map_err(failed)?;
    Ok(connection)
}

/// SQLite will write over what it cannot read of a log.
fn keep_damaged(log: &Path) -> io::Result<()> {
    if let Some((copy, at)) = log::keep_damaged(log)? {
        let copy = copy.display();
        tracing::warn!(%copy, at, "the write-ahead log cannot be read to its end");
    }
    Ok(())
}

/// Writes the log once more, as it is, and syncs it.
///
/// After a sync that failed, the system takes for written what is in its memory alone: no other sync would write it, and a checkpoint
/// that overwrites the file on the strength of it leaves neither the old nor the new if the power goes. This process may have seen
/// such a failure, or the one before it. Nobody has the file open.
fn write_again(log: &Path) -> io::Result<()> {
    let mut file = match File::options().read(true).write(true).open(log) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    let mut chunk = vec![0; 1 << 20];
    let mut at = 0;
    loop {
        file.seek(SeekFrom::Start(at))?;
        let length = file.read(&mut chunk)?;
        if length == 0 {
            return file.sync_all();
        }
        let (read, _) = chunk.split_at(length);
        file.seek(SeekFrom::Start(at))?;
        file.write_all(read)?;
        at += length as u64;
    }
}

/// Opens the file to read, in a process that may not be its own: nothing is made, and nothing is written.
#[cfg(feature = "tools")]
pub(super) fn open_existing(directory: &Path) -> Result<Connection, StoreError> {
    let file = file_in(directory);
    let unreadable = |place: &Path, why: &str| StoreError::Unreadable {
        place: place.display().to_string(),
        why: why.to_owned(),
    };
    if !directory.is_dir() {
        let why =
            if directory.exists() { "it is no directory" } else { "there is no such directory" };
        return Err(unreadable(directory, why));
    }
    if !file.exists() {
        let why = format!("there is no spawn.db in it{}", below(directory));
        return Err(unreadable(directory, &why));
    }
    let failed = |cause: rusqlite::Error| match cause.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => unreadable(&file, "the file is no database"),
        Some(ErrorCode::DatabaseCorrupt) => unreadable(&file, "the file is damaged"),
        _ => StoreError::failed(format!("opening {}", file.display()), cause),
    };
    let connection = open_reader(directory).map_err(failed)?;
    let whose: u32 =
        connection.query_row("PRAGMA application_id", (), |row| row.get(0)).map_err(failed)?;
    if whose != APPLICATION_ID {
        return Err(unreadable(&file, "the file is the database of another program, or empty"));
    }
    let version = user_version(&connection).map_err(failed)?;
    if version > MIGRATIONS.len() {
        return Err(unreadable(&file, &newer(version)));
    }
    if version < MIGRATIONS.len() {
        let why = format!(
            "its format is {version}, and {} is needed here; start the system once, which brings it up to date",
            MIGRATIONS.len()
        );
        return Err(unreadable(&file, &why));
    }
    Ok(connection)
}

/// The directories of systems in this one, as a hint.
#[cfg(feature = "tools")]
fn below(directory: &Path) -> String {
    let entries = directory.read_dir().into_iter().flatten().flatten();
    let mut found: Vec<_> =
        entries.map(|entry| entry.path()).filter(|it| file_in(it).is_file()).collect();
    found.sort();
    let names: Vec<_> = found.iter().take(5).map(|it| it.display().to_string()).collect();
    if names.is_empty() { String::new() } else { format!("; did you mean {}?", names.join(" or ")) }
}

/// Opens the file to read.
pub(super) fn open_reader(directory: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(&file_in(directory), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.execute_batch(READER)?;
    Ok(connection)
}

pub(super) fn connect(file: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    // Each connection is behind a lock of this crate.
    let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // Until the file is known to be ours, and after an unknown outcome, nothing may be written; `close` checkpoints on its own.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

enum Found {
    Nothing,
    Ours,
    /// What is wrong, and what to do.
    Fault(String),
}

/// Looks at the first bytes of the file, so that SQLite never touches one that is something else.
///
/// Nothing in this process has the file open: closing it here would take away SQLite's own locks.
fn inspect(file: &Path, log: &Path) -> io::Result<Found> {
    let log_length = match log.metadata() {
        Ok(found) => found.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(error),
    };
    let mut header = Vec::new();
    let length = match File::open(file) {
        Ok(opened) => {
            let length = opened.metadata()?.len();
            opened.take(100).read_to_end(&mut header)?;
            length
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(if log_length == 0 {
                Found::Nothing
            } else {
                Found::Fault(format!(
                    "the file is gone, but its log {} is there; put the file back, or remove the log too to begin anew",
                    log.display(),
                ))
            });
        }
        Err(error) => return Err(error),
    };
    let word = |at: usize| {
        header.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_be_bytes)
    };
    let advice = "move it away, or give this system another place";
    if length == 0 {
        return Ok(Found::Fault(
            "the file is empty; restore it from a backup, or remove it to begin anew".to_owned(),
        ));
    }
    if !header.starts_with(b"SQLite format 3\0") {
        return Ok(Found::Fault(format!("the file is no database; {advice}")));
    }
    if word(68) != APPLICATION_ID {
        return Ok(Found::Fault(format!("the file is the database of another program; {advice}")));
    }
    let version = usize::try_from(word(60)).unwrap_or(usize::MAX);
    if version > MIGRATIONS.len() {
        return Ok(Found::Fault(newer(version)));
    }
    // While the log has something, the file may be behind it.
    let page_size = if word(16) >> 16 == 1 { 65_536 } else { u64::from(word(16) >> 16) };
    let expected = u64::from(word(28)) * page_size;
    if log_length == 0 && length < expected {
        return Ok(Found::Fault(format!(
            "the file is cut off ({length} of {expected} bytes); restore it from a backup, or move it away to begin anew"
        )));
    }
    Ok(Found::Ours)
}

fn newer(version: usize) -> String {
    format!(
        "it was written by a newer version of `spawn` (its format is {version}, the newest known here is {}); \
         update `spawn`, or give this system another place",
        MIGRATIONS.len(),
    )
}

/// Makes the file under another name first, so that it is there whole or not at all.
fn create(file: &Path) -> Result<(), BoxError> {
    let new = file.with_extension("db.new");
    for leftover in [&new, &file.with_extension("db.new-journal")] {
        match fs::remove_file(leftover) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    let connection =
        connect(&new, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    // 4 KiB: what file systems and disks write at once. A commit touches few bytes in each page, so larger ones are more to write.
    connection.execute_batch(&format!(
        "PRAGMA page_size = 4096; PRAGMA synchronous = FULL; PRAGMA application_id = {APPLICATION_ID};"
    ))?;
    migrate(&connection, 0)?;
    connection.execute_batch(
        "INSERT INTO meta (id, identity, epoch, batch, head, state, call, dead_letter, subscription)
         VALUES (1, random(), 0, 0, 0, 0, 0, 0, 0)",
    )?;
    connection.close().map_err(|(_, error)| error)?;
    fs::rename(&new, file)?;
    sync_directory(file.parent().unwrap_or(file))?;
    Ok(())
}

fn user_version(connection: &Connection) -> rusqlite::Result<usize> {
    let version: u32 = connection.query_row("PRAGMA user_version", (), |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

fn migrate(connection: &Connection, version: usize) -> rusqlite::Result<()> {
    for (step, version) in MIGRATIONS.iter().zip(1..).skip(version) {
        connection.execute_batch(&format!(
            "BEGIN IMMEDIATE; {step}; PRAGMA user_version = {version}; COMMIT;"
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::is_sound;

    #[test]
    fn versions_with_the_reset_bug_are_refused() {
        for number in [3_040_001, 3_044_005, 3_045_000, 3_050_006, 3_051_000, 3_051_002] {
            assert!(!is_sound(number), "{number}");
        }
        for number in [3_044_006, 3_050_007, 3_051_003, 3_052_000, rusqlite::version_number()] {
            assert!(is_sound(number), "{number}");
        }
    }
}
