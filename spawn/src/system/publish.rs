//! Publishing from outside of an actor.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::Env;
use crate::commit::{self, Outbox, Release, Waiter};
use crate::error::{Error, ErrorKind, Result};
use crate::flow::{Broadcast, Flow};
use crate::metadata::Metadata;
use crate::store::Commit;

impl Env {
    /// Publishes all events of `broadcast`, or none; returns when they are saved.
    pub(super) async fn publish(self: &Arc<Self>, broadcast: Broadcast) -> Result<()> {
        let outbox = Outbox::new(self, Flow { broadcast }, None, &Metadata::new())?;
        let mut commit =
            Commit { epoch: self.opened.epoch, at: self.clock.now(), ..Commit::default() };
        let writes = outbox.write(&mut commit);
        if let Some(mut writer) = self.pipeline.in_place() {
            let verdict = writer.commit(commit).map_err(failed)?;
            outbox.let_out(self, verdict);
            return Ok(());
        }
        let (answer, answered) = oneshot::channel();
        let publishing =
            Publishing { env: Arc::clone(self), outbox, answer: Mutex::new(Some(answer)) };
        self.pipeline.submit(writes.then_some(commit), Box::new(publishing));
        answered.await.unwrap_or_else(|_| Err(Error::stopped()))
    }
}

/// Events that wait for their commit, and who waits with them.
struct Publishing {
    env: Arc<Env>,
    outbox: Outbox,
    answer: Mutex<Option<oneshot::Sender<Result<()>>>>,
}

impl Waiter for Publishing {
    fn is_void(&self) -> bool {
        false
    }
}

impl Release for Publishing {
    fn release(self: Box<Self>, outcome: commit::Outcome) {
        let Self { env, outbox, answer } = *self;
        let published = outcome.map(|verdict| outbox.let_out(&env, verdict)).map_err(failed);
        if let Some(answer) = answer.into_inner() {
            // Who went away does not want to know.
            let _gone = answer.send(published);
        }
    }
}

fn failed(failure: commit::Failure) -> Error {
    match failure {
        commit::Failure::Store(cause) => {
            Error::new(ErrorKind::Storage, "the events could not be saved; none is published")
                .caused_by(cause)
        }
        commit::Failure::Stale(_) | commit::Failure::Gone => {
            Error::new(ErrorKind::Stale, "another process has taken over the system's data")
        }
        commit::Failure::Stopped => Error::stopped(),
    }
}
