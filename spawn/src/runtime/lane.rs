//! The events that wait for an actor.
//!
//! They wait beside the mailbox, so that a call does not wait behind a thousand events and an event does not wait behind a full
//! mailbox. The lane as a whole stands in the mailbox like one message; each time it is its turn, a few events are handled.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;

use super::cell::{ActorClaim, Cell};
use super::claim::{Content, Envelope, Guarded, Opened, Sent, Sheet};
use super::run::{Ran, Request, Suspended};
use crate::actor::Actor;
use crate::dispatch::Input;
use crate::error::Result;
use crate::event::Event;
use crate::parcel::Parcel;

/// How many events are handled before calls have a turn again.
const EVENTS_PER_TURN: usize = 64;

/// An event for one subscription of an actor.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) event: Event,
    /// The place of the action in the dispatch table.
    pub(crate) action: usize,
}

/// The events that wait, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Lane(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Delivery>,
    /// Whether someone is on the way to handle them.
    scheduled: bool,
}

impl Lane {
    /// Adds an event; `true` if nobody is on the way yet and the caller has to see to it.
    pub(super) fn push(&self, delivery: Delivery) -> bool {
        let mut state = self.0.lock();
        state.waiting.push_back(delivery);
        !std::mem::replace(&mut state.scheduled, true)
    }

    /// The next event; with `None`, whoever was on the way is no longer.
    fn pop(&self) -> Option<Delivery> {
        let mut state = self.0.lock();
        let next = state.waiting.pop_front();
        state.scheduled = next.is_some();
        next
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.0.lock().scheduled
    }
}

/// The lane's place in the mailbox.
struct Turn;

impl<A: Actor> Content<ActorClaim<A>> for Turn {
    fn open(_: Arc<Sheet<ActorClaim<A>, Self>>, claim: &mut ActorClaim<A>) -> Opened<'_> {
        match claim.work_lane(EVENTS_PER_TURN) {
            Progress::Empty => Opened::Done,
            Progress::MoreToCome => {
                claim.queue_lane();
                Opened::Done
            }
            Progress::Suspended(suspended) => {
                Opened::Pending(Box::pin(claim.finish_event(suspended)))
            }
        }
    }

    fn refuse(&self) {}
}

/// Handles the events of `cell`: at once if it is idle, in their turn if not. Called by whoever was told to by [`Lane::push`].
pub(super) fn run<A: Actor>(cell: Arc<Cell<A>>) {
    let mut claim = match ActorClaim::try_new(cell) {
        Ok(claim) => claim,
        Err(cell) => match Guarded::send(&cell, Envelope::new(Turn)) {
            Sent::Queued => return,
            Sent::Claimed(claim, _turn) => ActorClaim::from(claim),
        },
    };
    match claim.work_lane(EVENTS_PER_TURN) {
        Progress::Empty => claim.release(),
        Progress::MoreToCome => {
            claim.queue_lane();
            claim.release();
        }
        Progress::Suspended(suspended) => {
            claim.handle().spawn(async move {
                claim.finish_event(suspended).await;
                claim.drain().await;
            });
        }
    }
}

enum Progress<A: Actor> {
    Empty,
    MoreToCome,
    Suspended(Suspended<A, Input, Parcel>),
}

impl<A: Actor> ActorClaim<A> {
    /// Handles up to `most` events, as far as that goes without waiting.
    fn work_lane(&mut self, most: usize) -> Progress<A> {
        for _ in 0..most {
            let Some(delivery) = self.shared().lane().pop() else { return Progress::Empty };
            let Some(handler) = A::TABLE
                .actions
                .get(delivery.action)
                .and_then(|action| action.find(delivery.event.payload()))
            else {
                self.shared().instances.env.channels.count_unmatched();
                continue;
            };
            let request = Request {
                metadata: delivery.event.metadata().clone(),
                event: Some(delivery.event.clone()),
                payload: Input::Event(delivery.event),
                origin: None,
            };
            match self.run(handler, request) {
                Ran::Done(result) => self.handled(&result),
                Ran::Suspended(suspended) => return Progress::Suspended(suspended),
            }
        }
        Progress::MoreToCome
    }

    async fn finish_event(&mut self, suspended: Suspended<A, Input, Parcel>) {
        let result = self.resume(suspended).await;
        self.handled(&result);
        self.queue_lane();
    }

    fn handled(&self, result: &Result<Parcel>) {
        if let Err(error) = result {
            tracing::warn!(actor = %self.shared().id, ?error, "an event was not handled");
        }
    }

    /// Puts the lane behind the messages that wait already.
    fn queue_lane(&self) {
        self.0.push(Envelope::new(Turn));
    }
}
