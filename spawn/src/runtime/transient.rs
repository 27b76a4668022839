//! Events that are in no log, which an actor mostly handles many of at once.

use std::ptr;

use super::cell::ActorClaim;
use super::job::Job;
use super::run::{Ran, Request, Source};
use super::unwind::{Panic, catch};
use crate::actor::Actor;
use crate::delivery::{Delivery, Events, Stretch};
use crate::dispatch::{Handler, Input, Outcome};
use crate::parcel::Parcel;

impl<A: Actor> ActorClaim<A> {
    /// Handles events of the feed, and says how many. One that has to go the long way, and those after it, wait in the lane.
    pub(super) fn run_stretch(&mut self, stretch: &Stretch<Delivery>) -> usize {
        let mut events = stretch.iter();
        while let Some(first) = events.next() {
            if !self.run_alike(first, &mut events) {
                let done = stretch.len() - events.left() - 1;
                self.shared().lane().give_back(stretch, done);
                return done;
            }
        }
        stretch.len()
    }

    /// As [`run_stretch`](Self::run_stretch), for an event that is alone; `false` if it has to go the long way.
    pub(super) fn run_transient(&mut self, delivery: &Delivery) -> bool {
        self.run_alike(delivery, &mut Events::none())
    }

    /// Handles an event that is in no log, and takes out of `more` those like it that follow it, as long as the clause that takes them waits for
    /// nothing and leaves nothing; `false` if the event has to go the long way.
    ///
    /// What is the same for all of them is asked once. A delivery is little more than the call of the action then.
    fn run_alike<'a>(&mut self, first: &'a Delivery, more: &mut Events<'a, Delivery>) -> bool {
        if self.is_watched() {
            return false;
        }
        let Some(action) = A::TABLE.actions.get(first.action) else { return false };
        let Some(clause) = action.clause_of(first.event.payload()) else { return false };
        let Some(hear) = clause.hear else { return false };
        if !self.is_at_rest() {
            return false;
        }
        self.count_run(false);
        let Some(state) = self.state() else { return false };
        let leaves_nothing = A::TABLE.state.is_none() || !clause.handler.mutates;
        let is_alike = |it: &Delivery| {
            it.action == first.action
                && action.clause_of(it.event.payload()).is_some_and(|it| ptr::eq(it, clause))
        };
        let mut event = first;
        let ended = catch(|| {
            loop {
                match hear(state, &event.event) {
                    None if leaves_nothing => event = more.next_if(is_alike)?,
                    left => return Some(left),
                }
            }
        });
        let ended = match ended {
            Ok(None) => return true,
            Ok(Some(Some(outcome))) => Ok(*outcome),
            Ok(Some(None)) => Ok(Outcome::done(Parcel::new(()))),
            Err(panic) => Err(panic),
        };
        self.conclude_transient(event, &clause.handler, ended);
        true
    }

    /// What comes after a transient event that has left something.
    #[cold]
    fn conclude_transient(
        &mut self,
        delivery: &Delivery,
        handler: &'static Handler<A, Input, Parcel>,
        ended: Result<Outcome<A, Parcel>, Panic>,
    ) {
        let request = Request {
            metadata: delivery.event.metadata().clone(),
            source: Source::Event(delivery.event.clone(), delivery.subscription),
            origin: None,
        };
        let mut job = Job::called(handler);
        let ended = ended.map(|outcome| job.finish(outcome));
        match self.conclude_free(&mut job, ended, &request) {
            Ran::Held(result, draft) => self.handled_unsaved(delivery.clone(), 0, result, draft),
            Ran::Done(result) => self.handled(delivery.clone(), 0, result.map(drop)),
            Ran::Suspended(_) => {}
        }
    }
}
