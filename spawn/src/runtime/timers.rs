//! `#[action(timer = "30s")]`: actions that the runtime calls by the clock.
//!
//! The ticks stand on a grid that begins when the system starts, or with the activation of an unnamed actor's instance. A tick is not called before the one
//! before it has ended; those that were due meanwhile are left out, and counted. A tick does not keep an instance from
//! being passivated, and is not saved: after a restart a new grid begins.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::Instant;

use super::cell::{ActorClaim, Cell};
use super::instances::Instances;
use super::run::Source;
use crate::actor::{Actor, Kind};
use crate::call::{Call, CallOptions};
use crate::dispatch::{Input, TimerEntry};
use crate::error::ErrorKind;
use crate::parcel::Parcel;

/// As long as an instance is activated, its timers are: they hold the other end of this.
pub(super) type Running = Arc<()>;

impl<A: Actor> Instances<A> {
    /// Starts the timers of a named actor, which run while the system does.
    pub(super) fn run_timers(self: &Arc<Self>) {
        if const { A::TABLE.timers.is_empty() } || A::TABLE.kind != Kind::Named {
            return;
        }
        for entry in A::TABLE.timers {
            let instances = Arc::downgrade(self);
            let cell = move || Some(Weak::upgrade(&instances)?.named());
            self.env.spawn(run(entry, Instant::now(), cell));
        }
    }
}

impl<A: Actor> ActorClaim<A> {
    /// Starts the timers of an instance that was activated.
    pub(super) fn run_timers(&mut self) {
        if const { A::TABLE.timers.is_empty() } || A::TABLE.kind != Kind::Unnamed {
            return;
        }
        let running = Running::default();
        for entry in A::TABLE.timers {
            let (cell, running) = (Arc::downgrade(self.cell()), Arc::downgrade(&running));
            let cell = move || running.upgrade().and_then(|_| Weak::upgrade(&cell));
            self.env().spawn(run(entry, Instant::now(), cell));
        }
        self.shared().set_timers(Some(running));
    }
}

async fn run<A: Actor>(
    entry: &'static TimerEntry,
    began: Instant,
    cell: impl Fn() -> Option<Arc<Cell<A>>>,
) {
    let mut due = began + entry.every;
    loop {
        tokio::time::sleep_until(due).await;
        let Some(cell) = cell() else { return };
        let instances = Arc::clone(&cell.instances);
        let Some(tick) = tick(entry, cell) else { return };
        if let Err(error) = tick.await {
            if error.kind() == ErrorKind::Stopped {
                return;
            }
            tracing::warn!(?error, "a tick failed");
        }
        due += entry.every;
        let late = Instant::now().saturating_duration_since(due);
        if !late.is_zero() {
            let skipped = ticks_in(late, entry.every);
            due += entry.every.saturating_mul(skipped);
            if let Some(meters) = &instances.meters {
                meters.ticks_skipped(entry.action, skipped.into());
            }
            tracing::debug!(actor = A::TABLE.name, action = entry.action, skipped, "ticks skipped");
        }
    }
}

/// How many ticks were due since the first of them, which is so long ago.
fn ticks_in(late: Duration, every: Duration) -> u32 {
    u32::try_from(late.as_nanos().div_ceil(every.as_nanos().max(1))).unwrap_or(u32::MAX)
}

/// The call of a tick, which takes as long as it takes.
fn tick<A: Actor>(entry: &TimerEntry, cell: Arc<Cell<A>>) -> Option<Call<A, Input, Parcel>> {
    let payload = Parcel::new(());
    let handler = A::TABLE.action(entry.action).ok()?.find(&payload)?;
    let options = CallOptions {
        timeout: Some(Duration::MAX),
        source: Some(Source::Timer),
        ..CallOptions::default()
    };
    Some(Call::new(Ok(cell), handler, Input::Parcel(payload), None).with(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_that_were_due_are_left_out() {
        let every = Duration::from_secs(10);
        // How late the next tick is after a tick has ended, and how many are left out.
        for (late, skipped) in [(1, 1), (9, 1), (10, 1), (11, 2), (35, 4)] {
            assert_eq!(ticks_in(Duration::from_secs(late), every), skipped, "{late}");
        }
    }
}
