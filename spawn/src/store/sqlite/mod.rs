//! A store in a file.

mod codec;
mod commit;
#[cfg(feature = "tools")]
mod directory;
mod known;
mod lock;
mod log;
mod read;
mod schema;
mod survey;
mod tags;
#[cfg(test)]
mod tests;
mod transaction;
mod upkeep;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use parking_lot::{Mutex, RwLock};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

#[cfg(feature = "tools")]
pub use self::directory::{
    Asked, DataDirectory, DataOverview, SavedActor, SavedState, StoredChannel, StoredLag,
};
use self::known::Known;
use self::lock::Lock;
use self::transaction::transact;
use super::row::{
    AnswerKey, CallId, CallRow, Commit, Cursor, DeadLetterId, DeadLetterRow, Encoded, EventRow,
    NewSubscription, Opened, RevisionRow, StoredActor, SubscriptionId, SubscriptionRow, TagQuery,
    Trim, Trimmed, Verdict,
};
use super::{Store, StoreError, Survey};
use crate::actor::ActorId;
use crate::error::BoxError;
use crate::event::Position;

/// Data in a SQLite file, `spawn.db`, in a directory of its own.
///
/// One process at a time has it open; another one is told at once which. A commit is on the disk when it is acknowledged:
/// write-ahead logging with `synchronous = FULL`.
///
/// To copy the data of a running system, use SQLite's own means (`.backup` of a recent `sqlite3` tool, or a snapshot of the file
/// system), not a copy of `spawn.db` alone: the newest commits are in `spawn.db-wal` beside it.
///
/// # Examples
///
/// ```no_run
/// use spawn::System;
/// use spawn::store::Sqlite;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let system = System::builder("shop").store(Sqlite::at("/var/lib/shop")).start().await.unwrap();
/// # drop(system); }
/// ```
#[derive(Debug, Default)]
pub struct Sqlite {
    /// Where the data is, if not in the place of its system.
    directory: Option<PathBuf>,
    /// Who reads or commits holds it shared: closing waits for them.
    open: RwLock<Option<Open>>,
}

#[derive(Debug)]
struct Open {
    directory: PathBuf,
    /// None while the outcome of a batch is unknown.
    writer: Mutex<Option<Writer>>,
    /// Those that nobody uses just now.
    readers: Mutex<Vec<Connection>>,
    /// Whether it was closed before it was opened.
    was_closed: bool,
    /// Let go of last.
    _lock: Lock,
}

/// What writes.
#[derive(Debug)]
struct Writer {
    connection: Connection,
    known: Known,
}

impl Writer {
    fn new(connection: Connection) -> Self {
        Self { connection, known: Known::default() }
    }
}

/// How many idle connections are kept to read.
const READERS: usize = 4;

impl Sqlite {
    /// Data in `./spawn-data/<system>/`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Data in this directory, which is made if it does not exist.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        Self { directory: Some(directory.into()), open: RwLock::default() }
    }

    fn directory(&self, system: &str) -> PathBuf {
        self.directory.clone().unwrap_or_else(|| Path::new("spawn-data").join(system))
    }

    fn reading<T>(
        &self,
        doing: &str,
        read: impl FnOnce(&Connection) -> Result<T, BoxError>,
    ) -> Result<T, StoreError> {
        let open = self.open.read();
        let open = open.as_ref().ok_or_else(|| StoreError::closed(doing))?;
        let failed = |cause| StoreError::failed(doing, cause);
        let idle = open.readers.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => schema::open_reader(&open.directory).map_err(|error| failed(error.into()))?,
        };
        // After an error the connection is not used again.
        let found = read(&connection).map_err(failed)?;
        let mut readers = open.readers.lock();
        if readers.len() < READERS {
            readers.push(connection);
        }
        Ok(found)
    }

    fn writing<T>(
        &self,
        doing: &str,
        write: impl FnOnce(&mut Writer) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let open = self.open.read();
        let open = open.as_ref().ok_or_else(|| StoreError::closed(doing))?;
        let mut writer = open.writer.lock();
        let Some(open) = writer.as_mut() else {
            let cause = "the store has not recovered from a failure yet";
            return Err(StoreError::unknown(doing, Vec::new(), cause));
        };
        let outcome = write(open);
        if let Err(StoreError::Unknown { .. }) = outcome {
            *writer = None;
        }
        outcome
    }

    fn upkeep<T>(
        &self,
        doing: &str,
        write: impl FnOnce(&Connection) -> Result<T, BoxError>,
    ) -> Result<T, StoreError> {
        self.writing(doing, |Writer { connection, .. }| {
            transact(connection, || write(connection))
                .map_err(|failure| failure.into_error(doing, |_| Vec::new()))
        })
    }
}

impl Store for Sqlite {
    fn open(&self, system: &str) -> Result<Opened, StoreError> {
        schema::check_library()?;
        let mut open = self.open.write();
        let directory = self.directory(system);
        schema::make_directory(&directory).map_err(|cause| {
            StoreError::failed(format!("making the directory {}", directory.display()), cause)
        })?;
        let lock = Lock::acquire(&directory)?;
        let was_closed = schema::is_closed(&directory);
        let writer = schema::open(&directory)?;
        let opened = transact(&writer, || upkeep::begin_epoch(&writer))
            .map_err(|failure| failure.into_error("beginning an epoch", |_| Vec::new()))?;
        *open = Some(Open {
            directory,
            writer: Mutex::new(Some(Writer::new(writer))),
            readers: Mutex::default(),
            was_closed,
            _lock: lock,
        });
        Ok(opened)
    }

    fn survey(&self, now: u64) -> Result<Survey, StoreError> {
        let doing = "looking at what is there";
        let mut survey = self.reading(doing, |connection| survey::survey(connection, now))?;
        let open = self.open.read();
        survey.was_closed = open.as_ref().is_some_and(|open| open.was_closed);
        Ok(survey)
    }

    fn place(&self) -> Cow<'static, str> {
        let place =
            |directory: &Path| format!("SQLite, in {}", schema::file_in(directory).display());
        match (&*self.open.read(), &self.directory) {
            (Some(open), _) => place(&open.directory).into(),
            (None, Some(directory)) => place(directory).into(),
            (None, None) => "SQLite".into(),
        }
    }

    fn commit(&self, number: u64, commits: &[&Commit]) -> Result<Vec<Verdict>, StoreError> {
        self.writing("committing", |Writer { connection, known }| {
            commit::batch(connection, known, number, commits)
        })
    }

    fn recover(&self) -> Result<Opened, StoreError> {
        let doing = "recovering";
        let mut open = self.open.write();
        let open = open.as_mut().ok_or_else(|| StoreError::closed(doing))?;
        // Only when no connection is left does SQLite read the log again from the file.
        open.readers.get_mut().clear();
        *open.writer.get_mut() = None;
        let writer = schema::open(&open.directory)?;
        let opened = read::opened(&writer).map_err(|cause| StoreError::failed(doing, cause))?;
        *open.writer.get_mut() = Some(Writer::new(writer));
        Ok(opened)
    }

    fn load(&self, actor: &ActorId) -> Result<Option<StoredActor>, StoreError> {
        self.reading("loading an actor", |connection| read::load(connection, actor))
    }

    fn history(&self, actor: &ActorId) -> Result<Vec<RevisionRow>, StoreError> {
        self.reading("reading the revisions of an actor", |connection| {
            read::history(connection, actor)
        })
    }

    fn instances(
        &self,
        name: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ActorId>, StoreError> {
        self.reading("listing the instances of an actor", |connection| {
            read::instances(connection, name, after, limit)
        })
    }

    fn find(&self, query: &TagQuery) -> Result<Vec<ActorId>, StoreError> {
        self.reading("finding actors by their tags", |connection| tags::find(connection, query))
    }

    fn read_log(&self, after: Position, limit: usize) -> Result<Vec<EventRow>, StoreError> {
        self.reading("reading the log", |connection| read::log(connection, after, limit))
    }

    fn register(
        &self,
        subscriptions: &[NewSubscription],
    ) -> Result<Vec<SubscriptionRow>, StoreError> {
        self.upkeep("registering the subscriptions", |connection| {
            upkeep::register(connection, subscriptions)
        })
    }

    fn drop_subscription(&self, id: SubscriptionId) -> Result<bool, StoreError> {
        self.upkeep("dropping a subscription", |connection| {
            upkeep::drop_subscription(connection, id)
        })
    }

    fn cursor(&self, subscriber: &str) -> Result<Option<Cursor>, StoreError> {
        self.reading("reading a cursor", |connection| read::cursor(connection, subscriber))
    }

    fn parked(&self, name: &str) -> Result<Vec<(ActorId, Cursor)>, StoreError> {
        self.reading("reading what is parked", |connection| read::parked(connection, name))
    }

    fn answer(&self, key: &AnswerKey, now: u64) -> Result<Option<Encoded>, StoreError> {
        self.reading("reading an answer", |connection| read::answer(connection, key, now))
    }

    fn calls(&self, after: CallId, limit: usize) -> Result<Vec<CallRow>, StoreError> {
        self.reading("reading the calls", |connection| read::calls(connection, after, limit))
    }

    fn call(&self, id: CallId) -> Result<Option<CallRow>, StoreError> {
        self.reading("reading a call", |connection| read::call(connection, id))
    }

    fn dead_letters(
        &self,
        after: DeadLetterId,
        limit: usize,
    ) -> Result<Vec<DeadLetterRow>, StoreError> {
        self.reading("reading the dead letters", |connection| {
            read::dead_letters(connection, after, limit)
        })
    }

    fn trim(&self, trim: &Trim<'_>) -> Result<Trimmed, StoreError> {
        self.upkeep("trimming the log", |connection| upkeep::trim_log(connection, trim))
    }

    fn forget_answers(&self, now: u64) -> Result<(), StoreError> {
        let doing = "forgetting answers";
        while self.upkeep(doing, |connection| upkeep::trim_answers(connection, now))? {}
        Ok(())
    }

    fn note(&self, name: &str) -> Result<Option<Bytes>, StoreError> {
        self.reading("reading a note", |connection| read::note(connection, name))
    }

    fn set_note(&self, name: &str, note: &[u8]) -> Result<(), StoreError> {
        self.upkeep("writing a note", |connection| upkeep::set_note(connection, name, note))
    }

    fn size(&self) -> Result<Option<u64>, StoreError> {
        let doing = "measuring the data";
        let open = self.open.read();
        let Open { directory, .. } = open.as_ref().ok_or_else(|| StoreError::closed(doing))?;
        let size = schema::size(directory).map_err(|cause| StoreError::failed(doing, cause))?;
        Ok(Some(size))
    }

    fn close(&self) {
        let Some(open) = self.open.write().take() else { return };
        drop(open.readers);
        if let Some(Writer { connection: writer, .. }) = open.writer.into_inner() {
            // What cannot be copied now stays in the log, where the next start finds it.
            drop(upkeep::checkpoint(&writer));
            drop(writer.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false));
        }
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.close();
    }
}
