//! Passivation: an actor that was idle for long enough leaves memory.
//!
//! One task for the whole system looks around now and then. A message costs nothing for it but a counter, which it compares with
//! what it saw before; there is no clock to read and no timer to set.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::any_instances::Tick;
use super::cell::{ActorClaim, Cell};
use crate::actor::Actor;
use crate::delivery::Lane;
use crate::system::Core;

/// How often the sweeper looks within the shortest timeout.
const LOOKS_PER_TIMEOUT: u32 = 4;

/// Sweeps until the system is gone.
pub(crate) async fn run(core: Weak<Core>, shortest: Duration) {
    let length = (shortest / LOOKS_PER_TIMEOUT).max(Duration::from_millis(1));
    let mut interval = tokio::time::interval(length);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut now = 0;
    loop {
        interval.tick().await;
        now += 1;
        let Some(core) = core.upgrade() else { return };
        for instances in core.instances() {
            instances.sweep(Tick { now, length });
        }
    }
}

/// Passivates the actor if it has done nothing for `timeout`.
pub(super) fn sweep<A: Actor>(cell: Arc<Cell<A>>, tick: Tick, timeout: Duration) {
    if !cell.is_active() || !is_due(&cell, tick, timeout) {
        return;
    }
    let runs = cell.runs();
    if let Ok(claim) = ActorClaim::try_new(cell) {
        claim.passivate(runs);
    }
}

/// Whether it has done nothing for `timeout`, as far as the looks at it say.
pub(super) fn is_due<A: Actor>(cell: &Cell<A>, tick: Tick, timeout: Duration) -> bool {
    let runs = cell.runs();
    let seen = cell.seen.load(Ordering::Relaxed);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves of a word")]
    let (seen_runs, since) = ((seen >> 32) as u32, seen as u32);
    if seen_runs != runs || since == 0 {
        let seen = (u64::from(runs) << 32) | u64::from(tick.now);
        cell.seen.store(seen, Ordering::Relaxed);
        return false;
    }
    tick.length * tick.now.saturating_sub(since) >= timeout
}

impl<A: Actor> ActorClaim<A> {
    /// Forgets the state, unless something happened since `runs` was read, or is not saved yet.
    fn passivate(mut self, runs: u32) {
        let shared = self.shared();
        let is_at_rest = shared.runs() == runs
            && !shared.has_unsaved()
            && !shared.has_failed()
            && shared.ask_lane(Lane::is_done);
        if is_at_rest && shared.is_deferred() {
            // The next look finds it saved.
            self.save_deferred();
        } else if is_at_rest {
            self.drop_state();
            self.count_passivation();
            self.shared().seen.store(0, Ordering::Relaxed);
        }
        self.release();
    }

    pub(super) fn count_passivation(&self) {
        if let Some(meters) = &self.shared().instances.meters {
            meters.passivations.increment(1);
        }
    }
}
