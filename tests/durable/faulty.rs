//! A store that fails when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use spawn::store::{Commit, EventRow, Memory, Opened, Store, StoreError, StoredActor, Verdict};
use spawn::{ActorId, Position};
use spawn_tests::eventually;
use std::sync::{Condvar, Mutex};

/// What a store is told to do wrong.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// The commits that come wait until this is opened.
    gate: Mutex<bool>,
    opened: Condvar,
    /// A batch has come to the closed gate.
    has_come: AtomicBool,
    /// The next commit fails and leaves nothing.
    pub(crate) fail_next: AtomicBool,
    /// The next batch in which an actor's cursor moves fails and leaves nothing.
    pub(crate) fail_next_cursor: AtomicBool,
    /// The next batch with a commit of the actor of this name fails and leaves nothing.
    pub(crate) fail_next_of: Mutex<Option<&'static str>>,
    /// The next commit takes effect, and says that nobody knows.
    pub(crate) unknown_after: AtomicBool,
    /// The next commit does not take effect, and says that nobody knows.
    pub(crate) unknown_before: AtomicBool,
    /// Loading fails.
    pub(crate) fail_loads: AtomicBool,
    /// The most events that were read from the log at once.
    pub(crate) most_read: AtomicUsize,
    /// How many commits came, a refused one included.
    pub(crate) commits: Mutex<Vec<Commit>>,
}

impl Faults {
    pub(crate) fn close_gate(&self) {
        let mut gate = self.gate.lock().unwrap();
        *gate = true;
        self.has_come.store(false, Ordering::SeqCst);
    }

    /// Until a batch waits at the closed gate: what comes from now on goes into another one.
    pub(crate) async fn batch_at_gate(&self) {
        eventually(async || self.has_come.load(Ordering::SeqCst), |has_come| *has_come).await;
    }

    pub(crate) fn open_gate(&self) {
        *self.gate.lock().unwrap() = false;
        self.opened.notify_all();
    }

    pub(crate) fn commits(&self) -> Vec<Commit> {
        self.commits.lock().unwrap().clone()
    }
}

/// A store in memory with faults. It is written from the pipeline's thread, as one on a disk would be.
#[derive(Clone, Debug)]
pub(crate) struct Faulty {
    inner: Memory,
    pub(crate) faults: Arc<Faults>,
    is_immediate: bool,
}

impl Faulty {
    pub(crate) fn new() -> Self {
        Self { inner: Memory::new(), faults: Arc::default(), is_immediate: false }
    }

    /// Written in place, so that nothing happens outside of paused time.
    pub(crate) fn immediate() -> Self {
        Self { is_immediate: true, ..Self::new() }
    }
}

fn injected(doing: &str) -> StoreError {
    StoreError::failed(doing, "an injected fault")
}

impl Store for Faulty {
    fn open(&self, system: &str) -> Result<Opened, StoreError> {
        self.inner.open(system)
    }

    fn is_immediate(&self) -> bool {
        self.is_immediate
    }

    fn commit(&self, number: u64, commits: &[&Commit]) -> Result<Vec<Verdict>, StoreError> {
        let faults = &self.faults;
        let mut closed = faults.gate.lock().unwrap();
        while *closed {
            faults.has_come.store(true, Ordering::SeqCst);
            closed = faults.opened.wait(closed).unwrap();
        }
        drop(closed);
        faults.commits.lock().unwrap().extend(commits.iter().copied().cloned());
        if faults.fail_next.swap(false, Ordering::SeqCst) {
            return Err(injected("committing"));
        }
        let moves_cursor = |it: &Commit| it.actor.as_ref().is_some_and(|it| it.cursor.is_some());
        if commits.iter().copied().any(moves_cursor)
            && faults.fail_next_cursor.swap(false, Ordering::SeqCst)
        {
            return Err(injected("committing"));
        }
        let mut fails = faults.fail_next_of.lock().unwrap();
        let is_its = |it: &&Commit| it.actor.as_ref().map(|it| it.actor.name()) == *fails;
        if fails.is_some() && commits.iter().any(is_its) {
            *fails = None;
            return Err(injected("committing"));
        }
        drop(fails);
        if faults.unknown_before.swap(false, Ordering::SeqCst) {
            return Err(StoreError::unknown("syncing", Vec::new(), "an injected fault"));
        }
        let verdicts = self.inner.commit(number, commits)?;
        if faults.unknown_after.swap(false, Ordering::SeqCst) {
            return Err(StoreError::unknown("syncing", verdicts, "an injected fault"));
        }
        Ok(verdicts)
    }

    fn load(&self, actor: &ActorId) -> Result<Option<StoredActor>, StoreError> {
        if self.faults.fail_loads.load(Ordering::SeqCst) {
            return Err(injected("loading"));
        }
        self.inner.load(actor)
    }

    fn read_log(&self, after: Position, limit: usize) -> Result<Vec<EventRow>, StoreError> {
        if self.faults.fail_loads.load(Ordering::SeqCst) {
            return Err(injected("reading the log"));
        }
        let rows = self.inner.read_log(after, limit)?;
        self.faults.most_read.fetch_max(rows.len(), Ordering::SeqCst);
        Ok(rows)
    }

    spawn_tests::forward_store!();
}
