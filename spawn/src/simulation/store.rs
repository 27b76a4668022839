//! A store in memory of which the seed decides what becomes of each commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use super::Fate;
use super::shop::Witness;
use crate::actor::ActorId;
use crate::event::Position;
use crate::store::{
    AnswerKey, CallId, CallRow, Commit, Cursor, DeadLetterId, DeadLetterRow, Encoded, EventRow,
    Memory, NewSubscription, Opened, RevisionRow, Store, StoreError, StoredActor, SubscriptionId,
    SubscriptionRow, Survey, TagQuery, Trim, Trimmed, Verdict,
};

/// The end of a process: nothing that it does after that has any effect.
#[derive(Debug, Default)]
pub(super) struct Death {
    has_come: AtomicBool,
    told: Notify,
}

impl Death {
    pub(super) fn come(&self) {
        self.has_come.store(true, Ordering::Relaxed);
        self.told.notify_one();
    }

    pub(super) fn has_come(&self) -> bool {
        self.has_come.load(Ordering::Relaxed)
    }

    /// Resolves when it comes, or has come.
    pub(super) async fn wait(&self) {
        self.told.notified().await;
    }
}

/// The data outlives the process; the rest does not.
#[derive(Debug)]
pub(super) struct Disk {
    inner: Memory,
    fate: Fate,
    death: Arc<Death>,
    witness: Arc<Witness>,
}

impl Disk {
    pub(super) fn new(witness: &Arc<Witness>, death: &Arc<Death>) -> Self {
        let Witness { data, fate, .. } = &**witness;
        Self {
            inner: data.clone(),
            fate: fate.clone(),
            death: Arc::clone(death),
            witness: Arc::clone(witness),
        }
    }

    fn reading<T>(
        &self,
        read: impl FnOnce(&Memory) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.living()?;
        if self.fate.goes_wrong(40) {
            return Err(StoreError::failed("reading", "the disk does not answer"));
        }
        read(&self.inner)
    }

    fn living(&self) -> Result<(), StoreError> {
        if self.death.has_come() {
            return Err(StoreError::failed("anything", "the process is dead"));
        }
        Ok(())
    }
}

impl Store for Disk {
    fn simulated(&self) -> Option<Fate> {
        Some(self.fate.clone())
    }

    fn open(&self, system: &str) -> Result<Opened, StoreError> {
        self.inner.open(system)
    }

    fn commit(&self, number: u64, commits: &[&Commit]) -> Result<Vec<Verdict>, StoreError> {
        self.living()?;
        let unknown = |verdicts| StoreError::unknown("syncing", verdicts, "the disk went silent");
        if self.fate.goes_wrong(15) {
            return Err(StoreError::failed("committing", "the disk is full"));
        }
        if self.fate.goes_wrong(30) {
            return Err(unknown(Vec::new()));
        }
        // Dies before, or after.
        if self.fate.dies(200) {
            self.death.come();
            return Err(unknown(Vec::new()));
        }
        let verdicts = self.inner.commit(number, commits)?;
        for (commit, verdict) in commits.iter().zip(&verdicts) {
            if let Verdict::Committed { first, .. } = verdict {
                self.witness.append(*first, &commit.events);
            }
        }
        if self.fate.dies(200) {
            self.death.come();
            return Err(unknown(verdicts));
        }
        if self.fate.goes_wrong(30) {
            return Err(unknown(verdicts));
        }
        Ok(verdicts)
    }

    fn recover(&self) -> Result<Opened, StoreError> {
        self.living()?;
        if self.fate.goes_wrong(3) {
            return Err(StoreError::failed("opening", "the disk does not answer"));
        }
        self.inner.recover()
    }

    fn load(&self, actor: &ActorId) -> Result<Option<StoredActor>, StoreError> {
        self.reading(|inner| inner.load(actor))
    }

    fn history(&self, actor: &ActorId) -> Result<Vec<RevisionRow>, StoreError> {
        self.reading(|inner| inner.history(actor))
    }

    fn instances(
        &self,
        name: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<ActorId>, StoreError> {
        self.reading(|inner| inner.instances(name, after, limit))
    }

    fn find(&self, query: &TagQuery) -> Result<Vec<ActorId>, StoreError> {
        self.reading(|inner| inner.find(query))
    }

    fn read_log(&self, after: Position, limit: usize) -> Result<Vec<EventRow>, StoreError> {
        self.reading(|inner| inner.read_log(after, limit))
    }

    fn register(
        &self,
        subscriptions: &[NewSubscription],
    ) -> Result<Vec<SubscriptionRow>, StoreError> {
        self.living()?;
        self.inner.register(subscriptions)
    }

    fn drop_subscription(&self, id: SubscriptionId) -> Result<bool, StoreError> {
        self.reading(|inner| inner.drop_subscription(id))
    }

    fn cursor(&self, subscriber: &str) -> Result<Option<Cursor>, StoreError> {
        self.reading(|inner| inner.cursor(subscriber))
    }

    fn parked(&self, name: &str) -> Result<Vec<(ActorId, Cursor)>, StoreError> {
        self.reading(|inner| inner.parked(name))
    }

    fn answer(&self, key: &AnswerKey, now: u64) -> Result<Option<Encoded>, StoreError> {
        self.reading(|inner| inner.answer(key, now))
    }

    fn calls(&self, after: CallId, limit: usize) -> Result<Vec<CallRow>, StoreError> {
        self.living()?;
        self.inner.calls(after, limit)
    }

    fn call(&self, id: CallId) -> Result<Option<CallRow>, StoreError> {
        self.reading(|inner| inner.call(id))
    }

    fn dead_letters(
        &self,
        after: DeadLetterId,
        limit: usize,
    ) -> Result<Vec<DeadLetterRow>, StoreError> {
        self.reading(|inner| inner.dead_letters(after, limit))
    }

    fn trim(&self, trim: &Trim<'_>) -> Result<Trimmed, StoreError> {
        self.reading(|inner| inner.trim(trim))
    }

    fn forget_answers(&self, now: u64) -> Result<(), StoreError> {
        self.reading(|inner| inner.forget_answers(now))
    }

    fn survey(&self, now: u64) -> Result<Survey, StoreError> {
        self.living()?;
        self.inner.survey(now)
    }

    fn note(&self, name: &str) -> Result<Option<bytes::Bytes>, StoreError> {
        self.inner.note(name)
    }

    fn set_note(&self, name: &str, note: &[u8]) -> Result<(), StoreError> {
        self.inner.set_note(name, note)
    }

    fn close(&self) {
        self.inner.close();
    }
}
