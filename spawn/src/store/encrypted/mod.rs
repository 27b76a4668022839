//! A layer over a store that encrypts what is in its rows.

mod check;
mod cipher;
mod envelope;
mod keys;
mod rows;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::RwLock;

use self::envelope::Sealer;
pub use self::keys::{KeyProvider, Keys};
use self::rows::Session;
use super::encryption::{EncryptionError, NOTE};
use super::row::{
    AnswerKey, CallId, CallRow, Commit, Cursor, DeadLetterId, DeadLetterRow, Encoded, EventRow,
    NewSubscription, Opened, RevisionRow, StoredActor, SubscriptionId, SubscriptionRow, TagQuery,
    Trim, Trimmed, Verdict,
};
use super::{Store, StoreError, Survey};
use crate::actor::ActorId;
use crate::error::BoxError;
use crate::event::Position;

/// Another store, in which states and messages are encrypted with AES-256-GCM.
///
/// It is what [`SystemBuilder::encrypt`](crate::SystemBuilder::encrypt) and the environment variable `SPAWN_STATESTORE_KEY` put around
/// the store of a system; a program seldom makes one by itself.
///
/// Encrypted are states, events, effects and scheduled calls with their metadata, answers to idempotent calls, and the errors of dead
/// letters. Each is bound to its place: a state to its actor and revision, an event to its channel, publisher and time, an answer to its
/// key. Put anywhere else, it does not decrypt. Not encrypted is what the data is found by: ids of actors, channels, names of actions and
/// types, idempotency keys, tags, times and positions; nor how long a message is.
///
/// # Examples
///
/// ```
/// use spawn::store::{Encrypted, EncryptionError, Keys, Memory, Store, StoreError};
///
/// let memory = Memory::new();
/// let keys: Keys = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=".parse()?;
/// Encrypted::new(memory.clone(), keys).open("shop")?;
///
/// let wrong: Keys = "3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d".parse()?;
/// let error = Encrypted::new(memory, wrong).open("shop").unwrap_err();
/// assert!(matches!(error, StoreError::Encryption(EncryptionError::WrongKey { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Encrypted {
    inner: Arc<dyn Store>,
    provider: Box<dyn KeyProvider>,
    /// While it is open.
    session: RwLock<Option<Arc<Session>>>,
}

impl Encrypted {
    /// A layer over `store`.
    pub fn new(store: impl Store, keys: impl KeyProvider) -> Self {
        Self::over(Arc::new(store), Box::new(keys))
    }

    pub(crate) fn over(inner: Arc<dyn Store>, provider: Box<dyn KeyProvider>) -> Self {
        Self { inner, provider, session: RwLock::default() }
    }

    fn keys(&self) -> Result<Keys, EncryptionError> {
        self.provider.keys().map_err(|error| match error.downcast() {
            Ok(error) => *error,
            Err(cause) => EncryptionError::Provider(cause),
        })
    }

    fn begin(&self, system: &str, keys: Keys, opened: &Opened) -> Result<(), StoreError> {
        let found = self.inner.note(NOTE)?;
        let is_new = opened.batch == 0;
        let found = found.as_deref();
        if let Some(note) = check::check(&keys, opened.identity, system, found, is_new)? {
            self.inner.set_note(NOTE, &note)?;
        }
        *self.session.write() = Some(Arc::new(Session { keys, identity: opened.identity }));
        Ok(())
    }

    fn session(&self, doing: &str) -> Result<Arc<Session>, StoreError> {
        self.session.read().clone().ok_or_else(|| StoreError::closed(doing))
    }

    /// Reads rows, and decrypts each.
    fn all<T>(
        &self,
        doing: &str,
        read: impl FnOnce() -> Result<Vec<T>, StoreError>,
        open: impl Fn(&Session, &mut T) -> Result<(), EncryptionError>,
    ) -> Result<Vec<T>, StoreError> {
        let session = self.session(doing)?;
        let mut rows = read()?;
        for row in &mut rows {
            open(&session, row)?;
        }
        Ok(rows)
    }
}

impl Store for Encrypted {
    fn open(&self, system: &str) -> Result<Opened, StoreError> {
        let keys = self.keys()?;
        let opened = self.inner.open(system)?;
        if let Err(error) = self.begin(system, keys, &opened) {
            self.inner.close();
            return Err(error);
        }
        Ok(opened)
    }

    fn survey(&self, now: u64) -> Result<Survey, StoreError> {
        self.inner.survey(now)
    }

    fn place(&self) -> Cow<'static, str> {
        format!("{}, encrypted", self.inner.place()).into()
    }

    fn is_immediate(&self) -> bool {
        self.inner.is_immediate()
    }

    fn commit(&self, number: u64, commits: &[&Commit]) -> Result<Vec<Verdict>, StoreError> {
        let doing = "encrypting";
        let session = self.session("committing")?;
        let failed = |cause: BoxError| StoreError::failed(doing, cause);
        let first = session.keys.first().ok_or_else(|| StoreError::closed(doing))?;
        let sealer = Sealer::new(first).map_err(failed)?;
        let all = commits.iter().map(|commit| session.seal(&sealer, commit));
        let all = all.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        self.inner.commit(number, &all.iter().collect::<Vec<_>>())
    }

    fn recover(&self) -> Result<Opened, StoreError> {
        self.inner.recover()
    }

    fn load(&self, actor: &ActorId) -> Result<Option<StoredActor>, StoreError> {
        let session = self.session("loading an actor")?;
        let mut found = self.inner.load(actor)?;
        if let Some(StoredActor { revision, state: Some(state), .. }) = &mut found {
            session.open_state(actor, *revision, state)?;
        }
        Ok(found)
    }

    fn history(&self, actor: &ActorId) -> Result<Vec<RevisionRow>, StoreError> {
        let open = |session: &Session, row: &mut RevisionRow| {
            session.open_state(actor, row.revision, &mut row.state)
        };
        self.all("reading the revisions of an actor", || self.inner.history(actor), open)
    }

    fn instances(
        &self,
        name: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ActorId>, StoreError> {
        self.inner.instances(name, after, limit)
    }

    fn find(&self, query: &TagQuery) -> Result<Vec<ActorId>, StoreError> {
        self.inner.find(query)
    }

    fn read_log(&self, after: Position, limit: usize) -> Result<Vec<EventRow>, StoreError> {
        let read = || self.inner.read_log(after, limit);
        self.all("reading the log", read, Session::open_event)
    }

    fn register(
        &self,
        subscriptions: &[NewSubscription],
    ) -> Result<Vec<SubscriptionRow>, StoreError> {
        self.inner.register(subscriptions)
    }

    fn drop_subscription(&self, id: SubscriptionId) -> Result<bool, StoreError> {
        self.inner.drop_subscription(id)
    }

    fn cursor(&self, subscriber: &str) -> Result<Option<Cursor>, StoreError> {
        self.inner.cursor(subscriber)
    }

    fn parked(&self, name: &str) -> Result<Vec<(ActorId, Cursor)>, StoreError> {
        self.inner.parked(name)
    }

    fn answer(&self, key: &AnswerKey, now: u64) -> Result<Option<Encoded>, StoreError> {
        let session = self.session("reading an answer")?;
        let mut found = self.inner.answer(key, now)?;
        if let Some(response) = &mut found {
            session.open_answer(key, response)?;
        }
        Ok(found)
    }

    fn calls(&self, after: CallId, limit: usize) -> Result<Vec<CallRow>, StoreError> {
        let read = || self.inner.calls(after, limit);
        self.all("reading the calls", read, Session::open_call)
    }

    fn call(&self, id: CallId) -> Result<Option<CallRow>, StoreError> {
        let session = self.session("reading a call")?;
        let mut found = self.inner.call(id)?;
        if let Some(row) = &mut found {
            session.open_call(row)?;
        }
        Ok(found)
    }

    fn dead_letters(
        &self,
        after: DeadLetterId,
        limit: usize,
    ) -> Result<Vec<DeadLetterRow>, StoreError> {
        let read = || self.inner.dead_letters(after, limit);
        self.all("reading the dead letters", read, Session::open_letter)
    }

    fn trim(&self, trim: &Trim<'_>) -> Result<Trimmed, StoreError> {
        self.inner.trim(trim)
    }

    fn forget_answers(&self, now: u64) -> Result<(), StoreError> {
        self.inner.forget_answers(now)
    }

    /// Its own is not to be seen.
    fn note(&self, name: &str) -> Result<Option<Bytes>, StoreError> {
        if name == NOTE { Ok(None) } else { self.inner.note(name) }
    }

    fn set_note(&self, name: &str, note: &[u8]) -> Result<(), StoreError> {
        if name == NOTE {
            let cause = "the data is encrypted by another layer already; keep one of the two";
            return Err(StoreError::failed("encrypting", cause));
        }
        self.inner.set_note(name, note)
    }

    fn size(&self) -> Result<Option<u64>, StoreError> {
        self.inner.size()
    }

    #[cfg(test)]
    fn simulated(&self) -> Option<crate::simulation::Fate> {
        self.inner.simulated()
    }

    fn close(&self) {
        self.inner.close();
        *self.session.write() = None;
    }
}

impl fmt::Debug for Encrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Encrypted").field(&self.inner).finish()
    }
}
