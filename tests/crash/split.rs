//! The mistake that the checks have to find: a cursor that moves in a commit of its own.

use std::thread;
use std::time::Duration;

use spawn::store::{
    Commit, EventRow, Opened, Revision, Sqlite, Store, StoreError, StoredActor, Verdict,
};
use spawn::{ActorId, Position};
use std::sync::atomic::{AtomicU64, Ordering};

/// Saves states first, and cursors a moment later.
#[derive(Debug)]
pub(crate) struct SplitCursor {
    inner: Sqlite,
    extra: AtomicU64,
}

impl SplitCursor {
    pub(crate) fn new(inner: Sqlite) -> Self {
        Self { inner, extra: AtomicU64::new(0) }
    }
}

impl Store for SplitCursor {
    fn open(&self, system: &str) -> Result<Opened, StoreError> {
        self.inner.open(system)
    }

    fn commit(&self, number: u64, commits: &[&Commit]) -> Result<Vec<Verdict>, StoreError> {
        let mut first: Vec<Commit> = commits.iter().copied().cloned().collect();
        let mut second = Vec::new();
        for commit in &mut first {
            let epoch = commit.epoch;
            let Some(actor) = &mut commit.actor else { continue };
            if actor.state.is_some()
                && let Some(cursor) = actor.cursor.take()
            {
                let mut moved = actor.clone();
                moved.expected = Revision(actor.expected.0 + 1);
                moved.state = None;
                moved.cursor = Some(cursor);
                second.push(Commit { epoch, actor: Some(moved), ..Commit::default() });
            }
        }
        // Of one actor only the last cursor can go on its own.
        second.reverse();
        let mut seen = std::collections::HashSet::new();
        second.retain(|it| seen.insert(it.actor.as_ref().map(|it| it.actor.clone())));
        let extra = self.extra.fetch_add(1, Ordering::SeqCst);
        let verdicts = self.inner.commit(number + extra, &first.iter().collect::<Vec<_>>())?;
        thread::sleep(Duration::from_millis(2));
        self.inner.commit(number + extra + 1, &second.iter().collect::<Vec<_>>())?;
        Ok(verdicts)
    }

    fn load(&self, actor: &ActorId) -> Result<Option<StoredActor>, StoreError> {
        self.inner.load(actor)
    }

    fn read_log(&self, after: Position, limit: usize) -> Result<Vec<EventRow>, StoreError> {
        self.inner.read_log(after, limit)
    }

    spawn_tests::forward_store!();
}
