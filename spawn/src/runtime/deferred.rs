//! States that are saved later: an actor with a `snapshot_timeout` responds at once, and is saved every so often, when it leaves
//! memory, and when the system stops.
//!
//! Only a change of the state alone is deferred, with the position of the event that made it. What leaves the actor takes the state
//! along into its commit, and so does everything that is there only once: a call from the store, an answer that is kept.

use std::sync::Arc;
use std::time::Duration;

use super::cell::{ActorClaim, Cell};
use super::claim::{Content, Envelope, Opened, Sheet};
use crate::actor::Actor;
use crate::commit::Draft;
use crate::store::Encoded;

impl<A: Actor> ActorClaim<A> {
    /// Notes that the state is not the saved one any more, and sees to it that it will be.
    pub(super) fn defer(&mut self, after: Duration) {
        if self.shared().set_deferred(true) {
            return;
        }
        // Until it is saved the actor must not be forgotten, so the reference is a strong one.
        let cell = Arc::clone(self.cell());
        let due = tokio::time::Instant::now() + after;
        self.env().spawn(async move {
            tokio::time::sleep_until(due).await;
            cell.save_deferred();
        });
    }

    /// The state that was deferred, for the next commit.
    pub(super) fn take_deferred(&mut self) -> Option<Encoded> {
        let durable = A::TABLE.state.as_ref()?;
        self.shared().set_deferred(false).then(|| Encoded {
            type_name: (durable.full_name)(),
            bytes: self.body().kept().saved.clone(),
        })
    }

    /// Submits what was deferred.
    pub(super) fn save_deferred(&mut self) {
        if const { A::TABLE.snapshot_timeout.is_some() }
            && self.shared().is_deferred()
            && !self.shared().has_failed()
        {
            let mut commit = self.new_commit();
            commit.actor = Some(self.write_actor(None, None));
            self.save(Draft { commit, outbox: None });
        }
    }
}

impl<A: Actor> Cell<A> {
    /// Saves what was deferred: at once if the actor is idle, in its turn if not.
    pub(super) fn save_deferred(self: Arc<Self>) {
        let mut claim = match ActorClaim::try_new(self) {
            Ok(claim) => claim,
            Err(cell) => match ActorClaim::send(&cell, Envelope::new(Save)) {
                None => return,
                Some((claim, _save)) => claim,
            },
        };
        claim.save_deferred();
        claim.release();
    }
}

/// Its place in the mailbox.
struct Save;

impl<A: Actor> Content<ActorClaim<A>> for Save {
    fn open(_: Arc<Sheet<ActorClaim<A>, Self>>, claim: &mut ActorClaim<A>) -> Opened<'_> {
        claim.save_deferred();
        Opened::Done
    }

    fn refuse(&self) {}
}
