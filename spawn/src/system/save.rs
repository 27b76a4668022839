//! Commits that do not come from a run of an actor.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::Env;
use crate::commit::{self, Failure, Outbox, Outcome, Release, Waiter};
use crate::error::{Error, ErrorKind, Result};
use crate::flow::{Broadcast, Flow};
use crate::metadata::Metadata;
use crate::observe;
use crate::store::{Commit, Verdict};

impl Env {
    /// A commit of this system, with nothing in it yet.
    pub(crate) fn new_commit(&self) -> Commit {
        Commit { epoch: self.opened.epoch, at: self.clock.now(), ..Commit::default() }
    }

    /// Publishes all events of `broadcast`, or none; returns when those that are durable are saved.
    pub(super) async fn publish(self: &Arc<Self>, broadcast: Broadcast) -> Result<()> {
        let mut metadata = Metadata::new();
        observe::carry(&mut metadata, None);
        if !broadcast.channels().any(|channel| self.rules.is_durable(channel)) {
            return commit::let_out_unsaved(self, broadcast, &metadata);
        }
        // Away from the future of an event that nothing is saved of, which is moved as a whole to where it is awaited.
        Box::pin(self.publish_saved(broadcast, metadata)).await
    }

    async fn publish_saved(
        self: &Arc<Self>,
        broadcast: Broadcast,
        metadata: Metadata,
    ) -> Result<()> {
        let flow = Flow { broadcast, ..Flow::default() };
        let mut outbox = Outbox::new(self, flow, None, &metadata)?;
        let mut commit = self.new_commit();
        let writes = outbox.write(&mut commit);
        self.save(writes.then_some(commit), Some(outbox)).await.map(drop)
    }

    /// Saves a commit, lets out what goes with it, and says what became of it. The outcome does not depend on who waits for it.
    pub(crate) async fn save(
        self: &Arc<Self>,
        commit: Option<Commit>,
        outbox: Option<Outbox>,
    ) -> Result<Verdict> {
        if let Some(mut writer) = self.pipeline.in_place() {
            let outcome = match &commit {
                Some(commit) => writer.commit(commit),
                None => Ok(Verdict::nothing()),
            };
            let verdict = outcome.map_err(failed)?;
            if let Some(outbox) = outbox {
                outbox.let_out(self, verdict);
            }
            return Ok(verdict);
        }
        let (answer, answered) = oneshot::channel();
        let saving = Saving { env: Arc::clone(self), commit, outbox, answer };
        self.pipeline.submit(Box::new(saving));
        answered.await.unwrap_or_else(|_| Err(Error::stopped()))
    }
}

/// What waits for a commit, and who waits with it.
struct Saving {
    env: Arc<Env>,
    commit: Option<Commit>,
    outbox: Option<Outbox>,
    answer: oneshot::Sender<Result<Verdict>>,
}

impl Waiter for Saving {}

impl Release for Saving {
    fn commit(&self) -> Option<&Commit> {
        self.commit.as_ref()
    }

    fn release(self: Box<Self>, outcome: Outcome) {
        let Self { env, outbox, answer, .. } = *self;
        if let (Ok(verdict), Some(outbox)) = (&outcome, outbox) {
            outbox.let_out(&env, *verdict);
        }
        // Who went away does not want to know.
        let _gone = answer.send(outcome.map_err(failed));
    }
}

fn failed(failure: Failure) -> Error {
    match failure {
        Failure::Store(cause) => {
            Error::new(ErrorKind::Storage, "it could not be saved; nothing of it takes effect")
                .caused_by(cause)
        }
        Failure::Stale => {
            Error::new(ErrorKind::Stale, "another system has taken over the data of this one")
        }
        Failure::Gone => Error::new(ErrorKind::Stale, "it was dealt with before"),
        Failure::Stopped => Error::stopped(),
    }
}
