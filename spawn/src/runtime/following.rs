//! How the instances of an actor follow its feed: an event in no log that all active ones get is kept once, and costs its publisher nothing for those who
//! have others to handle yet.

use std::sync::{Arc, Weak};

use super::any_instances::Wake;
use super::cell::{ActorClaim, Shared};
use super::instances::Instances;
use crate::actor::{Actor, Kind};
use crate::delivery::{Delivery, Missed, Next, Stretch, growth};

/// After how many times that a feed has [grown](growth) it begins again.
const GROWTHS_OF_ONE: u64 = 32;

/// What an actor does next for its lane.
pub(super) enum Step {
    /// It has to be activated first.
    Unready,
    /// Nothing, and its cursor is of no concern.
    Nothing,
    /// What the lane says.
    Next(Next<Delivery>),
    /// It handles these.
    Stretch(Stretch<Delivery>),
}

/// Whether the instances of `A` follow its feed.
const fn follows<A: Actor>() -> bool {
    matches!(A::TABLE.kind, Kind::Unnamed) && A::TABLE.hears() && !A::TABLE.is_dispatched()
}

impl<A: Actor> Instances<A> {
    /// Gives an event that is in no log to every active instance, and adds those to `wake` that nobody runs.
    pub(super) fn feed(&self, delivery: Delivery, wake: &mut Wake) {
        let (resting, number) = self.feed.push(delivery);
        for cell in resting.iter().filter_map(Weak::upgrade) {
            let has_to_run = cell.lane().rouse();
            if has_to_run {
                wake.push(cell);
            }
        }
        if number.is_multiple_of(growth()) {
            self.keep_up(number, wake);
        }
    }

    fn keep_up(&self, number: u64, wake: &mut Wake) {
        let begins_again = number.is_multiple_of(growth() * GROWTHS_OF_ONE);
        let beginning = begins_again.then(|| self.feed.begin_again());
        self.for_each_active(|cell| {
            let has_to_run = cell.lane().keep_up(number, beginning.as_ref());
            if has_to_run {
                wake.push(Arc::clone(cell) as _);
            }
        });
    }
}

impl<A: Actor> ActorClaim<A> {
    /// From here on events in no log come to the instance.
    pub(super) fn follow_feed(&self) {
        if const { follows::<A>() } {
            let cell = self.cell();
            let feed = &cell.instances.feed;
            cell.lane().follow(|rests| feed.join(rests.then(|| Arc::downgrade(cell))));
        }
    }

    /// No more of them come; those that have are handled.
    pub(super) fn leave_feed(&self) {
        if const { follows::<A>() } {
            let has_to_run = self.shared().lane().leave_feed();
            if has_to_run {
                self.queue_lane();
            }
        }
    }

    /// What comes next; of the feed, up to `most` events.
    pub(super) fn step(&mut self, most: usize) -> Step {
        let is_ready = self.is_ready_for_events();
        // A parked one still has to say that it has had everything. Asked before the lane is locked, since the router locks lanes.
        let has_to_say = !is_ready && self.is_parked();
        let cell = self.cell();
        let mut lane = cell.lane();
        let step = loop {
            let is_done = lane.is_paused() || lane.is_done_but_for_its_turn() && !has_to_say;
            if !is_ready && !is_done {
                break Step::Unready;
            }
            if let Some(stretch) = lane.next_of_feed(most) {
                break Step::Stretch(stretch);
            }
            let next = lane.next();
            let rests = |point: &_| cell.instances.feed.rest(point, || Arc::downgrade(cell));
            if matches!(next, Next::Empty) && !lane.rest(rests) {
                continue;
            }
            break if is_ready { Step::Next(next) } else { Step::Nothing };
        };
        let missed = lane.take_missed();
        drop(lane);
        if let Some(missed) = missed {
            self.note_missed_transient(&missed);
        }
        step
    }

    #[cold]
    fn note_missed_transient(&self, missed: &Missed) {
        let Shared { id, instances, .. } = self.shared();
        if let Some(meters) = &instances.meters {
            meters.missed.increment(missed.more);
        }
        if let Some(missed) = missed.to_tell {
            tracing::warn!(target: "spawn", actor = %id, missed, "a transient subscriber is too slow");
        }
    }
}
