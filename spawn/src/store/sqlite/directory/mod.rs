//! The data of a system for tools, without the system.

mod backup;
mod check;
mod lag;
mod overview;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

pub use self::lag::StoredLag;
pub use self::overview::{DataOverview, SavedActor, SavedState, StoredChannel};
use super::lock::Lock;
use super::{BoxError, StoreError, commit, read, schema, tags};
use super::{known::Known, transaction::transact, upkeep};
use crate::actor::ActorId;
use crate::dead_letter::REPLAYS;
use crate::event::Position;
use crate::store::row::{
    CallId, CallRow, Commit, Consumed, DeadLetterId, DeadLetterRow, DeadLetterSource, Epoch,
    EventRow, RevisionRow, SubscriptionRow, Verdict,
};
use crate::tags::Tags;

/// The data of a system, as [`Sqlite`](super::Sqlite) keeps it in a directory: for tools that look into it while the system runs or while
/// it is stopped, and that change something while it is stopped.
///
/// Reading sees what was committed last, takes no lock and stops no writer. What changes something takes the system's own lock and fails
/// with [`StoreError::InUse`] while a process has the data open. States and messages are given as they are encoded, and possibly
/// [encrypted](DataDirectory::is_encrypted).
///
/// # Errors
///
/// Unless it says otherwise, a method fails with [`StoreError::Failed`] if the data cannot be read, with what is damaged and where.
///
/// # Examples
///
/// ```
/// # use spawn::prelude::*;
/// use spawn::store::{DataDirectory, Sqlite};
///
/// # #[message(name = "doc_data.Counter")] pub struct Sheep { count: i64 }
/// # #[actor(name = "doc_sheep")] impl Sheep { #[action] fn count(&mut self) { self.count += 1; } }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let place = tempfile::tempdir()?;
/// # let directory = place.path();
/// let system = System::builder("doc").store(Sqlite::at(directory)).only::<(Sheep,)>().start().await?;
/// system.actor::<Sheep>().count().await?;
/// system.shutdown().await?;
///
/// let data = DataDirectory::open(directory)?;
/// assert_eq!(data.overview()?.actors, 1);
/// assert_eq!(data.history(&spawn::ActorId::parse("doc_sheep")?)?.len(), 1);
/// assert!(data.check(100)?.is_empty());
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct DataDirectory {
    directory: PathBuf,
    connection: Connection,
}

/// What came of asking for the replay of a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The next start replays it.
    Now,
    /// It was asked for before.
    Before,
    /// There is no such dead letter.
    Missing,
    /// It is about events that are gone, and can only be discarded.
    Gone,
}

impl DataDirectory {
    /// Opens the data in `directory` to read.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] if there is none, if it is not that of a system, or if another version of this crate has written it.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let directory = directory.into();
        let connection = schema::open_existing(&directory)?;
        Ok(Self { directory, connection })
    }

    /// Where the data is.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    fn read<T>(
        &self,
        doing: &str,
        read: impl FnOnce(&Connection) -> Result<T, BoxError>,
    ) -> Result<T, StoreError> {
        read(&self.connection).map_err(|cause| StoreError::failed(doing, cause))
    }

    /// Whether states and messages are encrypted.
    ///
    /// # Errors
    /// As for every method.
    pub fn is_encrypted(&self) -> Result<bool, StoreError> {
        self.read("reading a note", |connection| {
            Ok(read::note(connection, crate::store::encryption::NOTE)?.is_some())
        })
    }

    /// How much there is of everything.
    ///
    /// # Errors
    /// As for every method.
    pub fn overview(&self) -> Result<DataOverview, StoreError> {
        self.read("counting", overview::overview)
    }

    /// The saved actors after the id `after`, those whose id has `part` in it, at most `limit`, in the order of their ids.
    ///
    /// # Errors
    /// As for every method.
    pub fn actors(
        &self,
        part: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<SavedActor>, StoreError> {
        self.read("listing the actors", |connection| {
            overview::actors(connection, part, after, limit)
        })
    }

    /// The revisions of an actor that are kept, the oldest first.
    ///
    /// # Errors
    /// As for every method.
    pub fn history(&self, actor: &ActorId) -> Result<Vec<RevisionRow>, StoreError> {
        self.read("reading the revisions of an actor", |connection| {
            read::history(connection, actor)
        })
    }

    /// The tags that an actor has set; `None` if it never has.
    ///
    /// # Errors
    /// As for every method.
    pub fn tags(&self, actor: &ActorId) -> Result<Option<Tags>, StoreError> {
        self.read("reading the tags of an actor", |connection| {
            Ok(tags::of(connection, actor)?.map(|tags| Tags::clone(&tags)))
        })
    }

    /// The channels that have events in the log, in alphabetical order.
    ///
    /// # Errors
    /// As for every method.
    pub fn channels(&self) -> Result<Vec<StoredChannel>, StoreError> {
        self.read("listing the channels", overview::channels)
    }

    /// The events after `after`, in order, at most `limit`.
    ///
    /// # Errors
    /// As for every method.
    pub fn log(&self, after: Position, limit: usize) -> Result<Vec<EventRow>, StoreError> {
        self.read("reading the log", |connection| read::log(connection, after, limit))
    }

    /// The durable subscriptions.
    ///
    /// # Errors
    /// As for every method.
    pub fn subscriptions(&self) -> Result<Vec<SubscriptionRow>, StoreError> {
        self.read("reading the subscriptions", read::subscriptions)
    }

    /// How far the durable subscriptions are behind.
    ///
    /// # Errors
    /// As for every method.
    pub fn lags(&self) -> Result<Vec<StoredLag>, StoreError> {
        self.read("reading how far subscriptions are", lag::all)
    }

    /// The effects and calls that wait, after the id `after`, at most `limit`.
    ///
    /// # Errors
    /// As for every method.
    pub fn calls(&self, after: CallId, limit: usize) -> Result<Vec<CallRow>, StoreError> {
        self.read("reading the calls", |connection| read::calls(connection, after, limit))
    }

    /// The dead letters after the id `after`, at most `limit`.
    ///
    /// # Errors
    /// As for every method.
    pub fn dead_letters(
        &self,
        after: DeadLetterId,
        limit: usize,
    ) -> Result<Vec<DeadLetterRow>, StoreError> {
        self.read("reading the dead letters", |connection| {
            read::dead_letters(connection, after, limit)
        })
    }

    /// The dead letters that the next start replays.
    ///
    /// # Errors
    /// As for every method.
    pub fn replays(&self) -> Result<Vec<DeadLetterId>, StoreError> {
        self.read("reading a note", replays)
    }

    /// Looks whether the file is sound and its rows fit together; gives what is wrong, at most `limit` lines of it.
    ///
    /// # Errors
    /// As for every method.
    pub fn check(&self, limit: usize) -> Result<Vec<String>, StoreError> {
        self.read("checking the data", |connection| Ok(check::check(connection, limit)))
    }

    /// Copies the data, as it is at this moment, into the directory `target`, also while the system runs; and checks the copy. Gives what
    /// is wrong with it, at most `limit` lines; what is wrong with the copy is wrong with the data.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if it could not be copied, or if `target` has data already; then nothing is left there.
    ///
    /// # Blocking
    /// For as long as it takes to copy the file. A system that runs goes on; its log grows meanwhile.
    pub fn backup(
        &self,
        target: impl AsRef<Path>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let target = target.as_ref();
        backup::backup(&self.connection, target, limit).map_err(|cause| {
            StoreError::failed(format!("copying the data to {}", target.display()), cause)
        })
    }

    /// Forgets a dead letter; `false` if there was none.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while a process has the data open.
    pub fn discard(&self, id: DeadLetterId) -> Result<bool, StoreError> {
        self.write(|writer| {
            let opened =
                read::opened(writer).map_err(|cause| StoreError::failed("reading", cause))?;
            let commit = Commit {
                epoch: Epoch(opened.epoch.0),
                consumed: Some(Consumed::DeadLetter(id)),
                ..Commit::default()
            };
            let verdicts =
                commit::batch(writer, &mut Known::default(), opened.batch + 1, &[&commit])?;
            Ok(matches!(verdicts[..], [Verdict::Committed { .. }]))
        })
    }

    /// Has the next start of the system replay a dead letter, under its own id. When it is handled it is gone, in the same commit; if it
    /// fails again, it stays.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while a process has the data open.
    pub fn replay(&self, id: DeadLetterId) -> Result<Asked, StoreError> {
        let doing = "asking for a replay";
        self.write(|writer| {
            transact(writer, || {
                let before = DeadLetterId(id.0.saturating_sub(1));
                let found = read::dead_letters(writer, before, 1)?;
                let Some(row) = found.into_iter().find(|row| row.id == id) else {
                    return Ok(Asked::Missing);
                };
                if let DeadLetterSource::Missed { .. } = row.letter.source {
                    return Ok(Asked::Gone);
                }
                let mut asked = replays(writer)?;
                if asked.contains(&id) {
                    return Ok(Asked::Before);
                }
                asked.push(id);
                upkeep::set_note(writer, REPLAYS, &crate::dead_letter::to_note(&asked))?;
                Ok(Asked::Now)
            })
            .map_err(|failure| failure.into_error(doing, |_| Vec::new()))
        })
    }

    /// Writes, with the lock that a running system has.
    fn write<T>(
        &self,
        write: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _lock = Lock::acquire(&self.directory)?;
        let writer = schema::open(&self.directory)?;
        let written = write(&writer)?;
        upkeep::checkpoint(&writer).ok();
        Ok(written)
    }
}

fn replays(connection: &Connection) -> Result<Vec<DeadLetterId>, BoxError> {
    let note = read::note(connection, REPLAYS)?.unwrap_or_default();
    Ok(crate::dead_letter::from_note(&note))
}
