//! An actor whose lane does not have all of its events: it reads on in the log, from where it is.

use std::sync::Arc;
use std::time::Duration;

use super::cell::{ActorClaim, AnyCell, Cell};
use crate::actor::{Actor, Kind};
use crate::dead_letter;
use crate::delivery::{self, Delivery, Keyed, Subscription};
use crate::error::Result;
use crate::event::Position;
use crate::store::{Cursor, SubscriptionId};

/// How long an actor waits whose commit has failed, so that a store that fails every one is not kept busy with it.
const AFTER_FAILURE: Duration = Duration::from_millis(50);

impl<A: Actor> ActorClaim<A> {
    pub(super) async fn read_log(&mut self, after: Cursor) -> Result<()> {
        let after = after.max(self.body().cursor().unwrap_or_default());
        let instances = &self.shared().instances;
        let Some(router) = instances.router() else {
            let (found, stopped_at) =
                delivery::read(self.env(), instances.subscriptions(), after).await?;
            self.note_missed(after, found.first());
            self.shared().lane().fill(found, stopped_at);
            return Ok(());
        };
        let (floor, seen) = router.range(&self.shared().id);
        let read = delivery::read(self.env(), instances.subscriptions(), after.max(floor));
        let (mut found, stopped_at) = read.await?;
        // What comes after that is given to the instance when it is its turn.
        found.retain(|delivery| delivery.key() <= Some(seen) && self.is_mine(delivery));
        let stopped_at = stopped_at.filter(|stopped_at| *stopped_at < seen);
        self.shared().lane().fill(found, stopped_at);
        Ok(())
    }

    /// Says what has left the log before this instance had it, in a commit that moves its cursor past that. What a named actor has
    /// missed is said when it leaves the log.
    fn note_missed(&mut self, after: Cursor, first: Option<&Delivery>) {
        if A::TABLE.kind != Kind::Unnamed {
            return;
        }
        let instances = Arc::clone(&self.shared().instances);
        let has_missed = |it: &&Subscription| it.lapsed() > after.position.max(it.since);
        let lapsed: Vec<_> = instances.subscriptions().iter().filter(has_missed).collect();
        let Some(mut up_to) = lapsed.iter().map(|it| it.lapsed()).max() else { return };
        if let Some(first) = first {
            up_to = up_to.min(Position(first.event.position().0.saturating_sub(1)));
        }
        if up_to <= after.position {
            return;
        }
        let patterns: Vec<_> = lapsed.iter().map(|it| it.key.as_str()).collect();
        let (id, patterns) = (self.shared().id.clone(), patterns.join(", "));
        tracing::error!(actor = %id, patterns, %up_to, "it has missed events");
        let range = (after.position, up_to);
        let key = Cursor { position: up_to, subscription: SubscriptionId(u64::MAX) };
        self.bury(key, |at| dead_letter::of_missed(id.as_str(), &patterns, range, at));
    }

    /// Begins with the log, at the actor's cursor. Called under the claim.
    pub(super) fn restart_lane(&self) {
        if const { A::TABLE.hears() } && self.shared().lane().reset() {
            self.queue_lane();
        }
    }

    pub(super) fn unpause_after(&self, pause: Duration) {
        let cell = Arc::downgrade(self.cell());
        self.env().spawn(async move {
            tokio::time::sleep(pause).await;
            if let Some(cell) = cell.upgrade() {
                let wake = cell.lane().unpause();
                if wake {
                    cell.run_lane();
                }
            }
        });
    }
}

impl<A: Actor> Cell<A> {
    /// Begins with the log, at the actor's cursor, after a pause. Never runs the actor in place.
    pub(super) fn begin_lane_again(self: Arc<Self>) {
        if const { !A::TABLE.hears() } {
            return;
        }
        let wake = self.lane().reset();
        if wake {
            let env = Arc::clone(&self.instances.env);
            env.spawn(async move {
                tokio::time::sleep(AFTER_FAILURE).await;
                self.run_lane();
            });
        }
    }
}
