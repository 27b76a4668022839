//! Where states, events and positions last: the border between the runtime and the disk.
//!
//! A [`Store`] is given to [`SystemBuilder::store`](crate::SystemBuilder::store). Two come with the crate: [`Sqlite`], a file
//! (the default), and [`Memory`], for tests. The runtime knows nothing of either but this trait. With the feature `encryption` a
//! layer over either of them, `Encrypted`, keeps what is in their rows from who can read the disk.
//!
//! All writes go through [`Store::commit`]: a batch of [`Commit`]s is one transaction, and each commit in it takes effect whole
//! or not at all. A commit says what it expects to find (the revision of its actor, the epoch of its system, the call or dead
//! letter that it consumes); where that is not there, the store refuses that commit alone.

#[cfg(feature = "encryption")]
mod encrypted;
pub(crate) mod encryption;
mod key;
mod memory;
mod row;
#[cfg(feature = "sqlite")]
mod sqlite;
mod survey;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

#[cfg(feature = "encryption")]
pub use self::encrypted::{Encrypted, KeyProvider, Keys};
pub use self::encryption::EncryptionError;
pub use self::memory::Memory;
pub use self::row::{
    ActorWrite, Answer, AnswerKey, CallId, CallRow, Commit, Consumed, Cursor, DeadLetterId,
    DeadLetterRow, DeadLetterSource, Encoded, Epoch, EventRow, Lapse, NewCall, NewDeadLetter,
    NewEvent, NewSubscription, Opened, Parking, Revision, RevisionRow, StoredActor, SubscriptionId,
    SubscriptionRow, TagQuery, Trim, Trimmed, Verdict,
};
#[cfg(feature = "sqlite")]
pub use self::sqlite::Sqlite;
#[cfg(feature = "tools")]
pub use self::sqlite::{
    Asked, DataDirectory, DataOverview, SavedActor, SavedState, StoredChannel, StoredLag,
};
pub use self::survey::Survey;
use crate::actor::ActorId;
use crate::error::BoxError;
use crate::event::Position;

/// A place where a system's data lasts.
///
/// The methods may wait for a disk; the runtime calls them from threads where that is allowed, unless
/// [`is_immediate`](Store::is_immediate) says that they never wait. [`commit`](Store::commit) and [`recover`](Store::recover) are
/// called by one thread at a time; the others by any number.
pub trait Store: fmt::Debug + Send + Sync + 'static {
    /// Opens the data of the system `name`, making it where there is none, and begins a new epoch: commits of an earlier one are
    /// refused from here on.
    ///
    /// # Errors
    /// [`StoreError::InUse`] if another process has the data open; any other if it cannot be read.
    fn open(&self, system: &str) -> Result<Opened, StoreError>;

    /// What it holds, in numbers. `now` (milliseconds since 1970) decides which calls are due.
    ///
    /// # Errors
    /// If the data cannot be read.
    fn survey(&self, now: u64) -> Result<Survey, StoreError>;

    /// What it is and where its data is, for people.
    fn place(&self) -> Cow<'static, str> {
        "a store of the program's own".into()
    }

    /// Whether no method ever waits, so that the runtime may call them in place.
    fn is_immediate(&self) -> bool {
        false
    }

    /// Makes a batch of commits last, in one transaction; when it returns, they have reached the disk.
    ///
    /// `number` is one more than that of the last batch that took effect; with any other one nothing does. A batch of which every
    /// commit is refused for its epoch counts for nothing, and its number is not looked at.
    ///
    /// The events get the positions after the last one, in the order of the commits and of the events in each. There is one
    /// verdict for each commit. A refused commit leaves no trace and takes no position.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if nothing of the batch took effect; [`StoreError::Unknown`] if nobody knows, and then
    /// [`recover`](Store::recover) has to be called before anything else.
    fn commit(&self, number: u64, commits: &[&Commit]) -> Result<Vec<Verdict>, StoreError>;

    /// Opens the data again after an outcome that is unknown, and says which batch was the last that took effect. The epoch goes on.
    ///
    /// # Errors
    /// If that does not succeed; it can be tried again.
    fn recover(&self) -> Result<Opened, StoreError>;

    /// The actor's newest saved state and its cursor; `None` if it was never saved.
    ///
    /// # Errors
    /// If the data cannot be read.
    fn load(&self, actor: &ActorId) -> Result<Option<StoredActor>, StoreError>;

    /// The revisions of the actor that are kept, the oldest first.
    ///
    /// # Errors
    /// If the data cannot be read.
    fn history(&self, actor: &ActorId) -> Result<Vec<RevisionRow>, StoreError>;

    /// The saved instances of the unnamed actor `name` after the id `after`, in the order of their ids, at most `limit`.
    ///
    /// # Errors
    /// If the data cannot be read.
    fn instances(
        &self,
        name: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ActorId>, StoreError>;

    /// The actors that the query asks for, in the order of their ids.
    ///
    /// # Errors
    /// If the data cannot be read.
    fn find(&self, query: &TagQuery) -> Result<Vec<ActorId>, StoreError>;

    /// The events after `after`, in order, at most `limit`.
    ///
    /// # Errors
    /// If the data cannot be read.
    fn read_log(&self, after: Position, limit: usize) -> Result<Vec<EventRow>, StoreError>;

    /// Makes sure that the subscriptions exist: one that does keeps its place, another begins where it says. All that exist are
    /// returned, also those which were not asked for, in the order of their ids.
    ///
    /// # Errors
    /// If the data cannot be read or written.
    fn register(
        &self,
        subscriptions: &[NewSubscription],
    ) -> Result<Vec<SubscriptionRow>, StoreError>;

    /// Forgets a subscription; `false` if there was none.
    ///
    /// # Errors
    /// If the data cannot be written.
    fn drop_subscription(&self, id: SubscriptionId) -> Result<bool, StoreError>;

    /// The cursor of a subscriber, as [`Consumed::Events`] left it: of an actor by its id, of an external subscriber by `external:`
    /// and its name. That of a durable actor is with its state, in [`load`](Store::load).
    ///
    /// # Errors
    /// If the data cannot be read.
    fn cursor(&self, subscriber: &str) -> Result<Option<Cursor>, StoreError>;

    /// The instances of the unnamed actor `name` that are parked, each with the cursor that [`Parking`] gave it.
    ///
    /// # Errors
    /// If the data cannot be read.
    fn parked(&self, name: &str) -> Result<Vec<(ActorId, Cursor)>, StoreError>;

    /// The first answer to the call with this key, unless it has expired by `now` (milliseconds since 1970).
    ///
    /// # Errors
    /// If the data cannot be read.
    fn answer(&self, key: &AnswerKey, now: u64) -> Result<Option<Encoded>, StoreError>;

    /// The calls that wait, in the order of their ids, after the id `after`, at most `limit`.
    ///
    /// # Errors
    /// If the data cannot be read.
    fn calls(&self, after: CallId, limit: usize) -> Result<Vec<CallRow>, StoreError>;

    /// The call of this id, if it still waits.
    ///
    /// # Errors
    /// If the data cannot be read.
    fn call(&self, id: CallId) -> Result<Option<CallRow>, StoreError>;

    /// The dead letters after the id `after`, in the order of their ids, at most `limit`.
    ///
    /// # Errors
    /// If the data cannot be read.
    fn dead_letters(
        &self,
        after: DeadLetterId,
        limit: usize,
    ) -> Result<Vec<DeadLetterRow>, StoreError>;

    /// Takes events out of the log.
    ///
    /// # Errors
    /// If the data cannot be written.
    fn trim(&self, trim: &Trim<'_>) -> Result<Trimmed, StoreError>;

    /// Forgets the answers that have expired by `now` (milliseconds since 1970).
    ///
    /// # Errors
    /// If the data cannot be written.
    fn forget_answers(&self, now: u64) -> Result<(), StoreError>;

    /// A few bytes that a layer over this store has put beside the data, under its own name; `None` if it has not.
    ///
    /// # Errors
    /// If the data cannot be read.
    fn note(&self, name: &str) -> Result<Option<Bytes>, StoreError>;

    /// Puts a few bytes beside the data, in place of those that have the same name; when it returns, they have reached the disk.
    ///
    /// # Errors
    /// If the data cannot be written.
    fn set_note(&self, name: &str, note: &[u8]) -> Result<(), StoreError>;

    /// How many bytes the data takes; `None`, which is the default, if the store does not know.
    ///
    /// # Errors
    /// If that cannot be read.
    fn size(&self) -> Result<Option<u64>, StoreError> {
        Ok(None)
    }

    /// Who decides about a store in simulated time.
    #[cfg(test)]
    fn simulated(&self) -> Option<crate::simulation::Fate> {
        None
    }

    /// Lets go of the data; another process may open it then. Commits fail until it is opened again.
    fn close(&self);
}

/// What a store could not do.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the data open.
    #[error(
        "{place} is in use by the process {pid}; stop that one first, or give this system another place with `.store(..)`"
    )]
    InUse {
        /// Where the data is.
        place: String,
        /// The process that has it.
        pid: u32,
    },
    /// It did not take effect.
    #[error("{doing} failed")]
    Failed {
        /// What was being done.
        doing: String,
        /// Why it failed.
        #[source]
        cause: BoxError,
    },
    /// Nobody knows whether it took effect.
    #[error("{doing} failed in a way that leaves open whether it took effect")]
    Unknown {
        /// What was being done.
        doing: String,
        /// The verdicts that hold if it did take effect.
        verdicts: Vec<Verdict>,
        /// Why it failed.
        #[source]
        cause: BoxError,
    },
    /// The data was written by a newer version of this crate, or is no such data.
    #[error("{place}: {why}")]
    Unreadable {
        /// Where the data is.
        place: String,
        /// What is wrong with it, and what to do.
        why: String,
    },
    /// The data cannot be encrypted or decrypted.
    #[error("{0}")]
    Encryption(
        #[from]
        #[source]
        EncryptionError,
    ),
}

impl StoreError {
    /// It did not take effect.
    pub fn failed(doing: impl Into<String>, cause: impl Into<BoxError>) -> Self {
        Self::Failed { doing: doing.into(), cause: cause.into() }
    }

    /// Nobody knows whether it took effect; if it did, `verdicts` hold.
    pub fn unknown(
        doing: impl Into<String>,
        verdicts: Vec<Verdict>,
        cause: impl Into<BoxError>,
    ) -> Self {
        Self::Unknown { doing: doing.into(), verdicts, cause: cause.into() }
    }

    /// The store was closed, or never opened.
    pub(super) fn closed(doing: &str) -> Self {
        Self::failed(doing, "the store is not open")
    }
}

/// A batch with a wrong number would make [`Store::recover`] lie about what took effect.
fn check_number(number: u64, last: u64) -> Result<(), String> {
    if number == last + 1 {
        Ok(())
    } else {
        Err(format!("the batch {number} does not follow the batch {last}"))
    }
}
