//! The turn of the events that wait for an actor.
//!
//! They wait beside the mailbox, in a [`Lane`](crate::delivery::Lane), so that a call does not wait behind a thousand events and an event does not wait
//! behind a full mailbox. The lane as a whole stands in the mailbox like one message; each time it is its turn, a few events are
//! handled.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::cell::{ActorClaim, Cell, First};
use super::claim::{Content, Envelope, Opened, Sheet};
use super::following::Step;
use super::job::{Job, Work};
use super::run::{Ran, Request, Source, Suspended};
use crate::actor::Actor;
use crate::delivery::{Delivery, Keyed, Next};
use crate::dispatch::Input;
use crate::parcel::Parcel;
use crate::store::Cursor;

/// How many events are handled before calls have a turn again.
const EVENTS_PER_TURN: usize = 64;

/// How long to wait before something is tried again that failed for a reason which is not the event's.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

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
            waits => Opened::Pending(Box::pin(async move {
                claim.go_on(waits).await;
                claim.queue_lane();
            })),
        }
    }

    fn refuse(&self) {}
}

/// Handles the events of `cell`: at once if it is idle, in their turn if not. Called by whoever was told to by the lane.
pub(super) fn run<A: Actor>(cell: Arc<Cell<A>>) {
    if let Some(mut claim) = claim(cell) {
        let progress = claim.work_lane(EVENTS_PER_TURN);
        end_turn(claim, progress);
    }
}

/// As [`run`], but an actor that has handled several events does not rest after that: it is given back, to be visited again.
pub(super) fn visit<A: Actor>(cell: Arc<Cell<A>>) -> Option<Arc<Cell<A>>> {
    let mut claim = claim(cell)?;
    let progress = claim.visit_lane(EVENTS_PER_TURN);
    if matches!(progress, Progress::Empty) {
        release(claim);
        return None;
    }
    // While too much waits for the disk, a turn waits as well.
    if matches!(progress, Progress::MoreToCome) && !claim.env().pipeline.is_full() {
        match claim.release_alone() {
            Ok(cell) => return Some(cell),
            // Calls have their turn first.
            Err(busy) => claim = busy,
        }
    }
    end_turn(claim, progress);
    None
}

/// The claim, if the lane need not stand in the mailbox for it.
fn claim<A: Actor>(cell: Arc<Cell<A>>) -> Option<ActorClaim<A>> {
    match ActorClaim::try_new(cell) {
        Ok(claim) => Some(claim),
        Err(cell) => ActorClaim::send(&cell, Envelope::new(Turn)).map(|(claim, _turn)| claim),
    }
}

/// Gives the claim back, when there is room for what the events may have left to be saved.
fn release<A: Actor>(claim: ActorClaim<A>) {
    if A::TABLE.state.is_some() {
        claim.release_when_there_is_room();
    } else {
        claim.release();
    }
}

/// Gives the claim back, or leaves it to a task if something has to wait.
fn end_turn<A: Actor>(mut claim: ActorClaim<A>, progress: Progress<A>) {
    match progress {
        Progress::Empty => release(claim),
        Progress::MoreToCome => {
            claim.queue_lane();
            claim.release();
        }
        waits => {
            let env = Arc::clone(claim.env());
            env.spawn(async move {
                claim.go_on(waits).await;
                claim.queue_lane();
                claim.drain_from(First::Mailbox).await;
            });
        }
    }
}

/// A clause by name, and what it is called with.
type Prepared<A> = Work<Job<A, Input, Parcel>>;

/// The run of the clause that takes the event, if there is one.
pub(super) fn prepared<A: Actor>(delivery: &Delivery, failed: u32) -> Option<Prepared<A>> {
    let action = A::TABLE.actions.get(delivery.action)?;
    let handler = action.find(delivery.event.payload())?;
    let event = delivery.event.clone().with_attempt(failed + 1);
    let request = Request {
        metadata: event.metadata().clone(),
        source: Source::Event(event.clone(), delivery.subscription),
        origin: None,
    };
    Some(Work::new(request, Job::new(handler, Input::Event(event))))
}

enum Progress<A: Actor> {
    Empty,
    MoreToCome,
    /// The actor has to be activated first.
    Unready,
    /// The log has to be read after this.
    Behind(Cursor),
    Suspended {
        delivery: Delivery,
        failed: u32,
        run: Suspended,
        work: Box<Mutex<Prepared<A>>>,
    },
}

impl<A: Actor> ActorClaim<A> {
    /// Handles up to `most` events, as far as that goes without waiting.
    fn work_lane(&mut self, most: usize) -> Progress<A> {
        self.handle_events(most, false)
    }

    /// As [`work_lane`](Self::work_lane), but where several were handled there may be more to come in a moment.
    fn visit_lane(&mut self, most: usize) -> Progress<A> {
        self.handle_events(most, true)
    }

    fn handle_events(&mut self, most: usize, stays: bool) -> Progress<A> {
        let mut left = most;
        // Another turn only to find that there is nothing more would cost a task.
        while left > 0 || self.shared().lane().is_done_but_for_its_turn() {
            if stays && left + 1 < most && self.shared().lane().may_have_more() {
                break;
            }
            let next = match self.step(left.max(1)) {
                Step::Unready => return Progress::Unready,
                Step::Nothing => return Progress::Empty,
                Step::Stretch(stretch) => {
                    left = left.saturating_sub(self.run_stretch(&stretch));
                    continue;
                }
                Step::Next(next) => next,
            };
            let (delivery, failed) = match next {
                Next::Deliver { item, failed } => (item, failed),
                Next::Read { after } => return Progress::Behind(after),
                Next::Paused => {
                    self.submit_cursor();
                    return Progress::Empty;
                }
                Next::Empty => {
                    self.submit_cursor();
                    self.unpark();
                    return Progress::Empty;
                }
            };
            left = left.saturating_sub(1);
            if delivery.key().is_none() && self.run_transient(&delivery) {
                continue;
            }
            let Some(mut work) = self.request(&delivery, failed) else {
                self.pass(&delivery);
                continue;
            };
            match self.run(&mut work.job, &mut work.request) {
                Ran::Done(result) => self.handled(delivery, failed, result.map(drop)),
                Ran::Held(result, draft) => self.handled_unsaved(delivery, failed, result, draft),
                Ran::Suspended(run) => {
                    let work = Box::new(Mutex::new(work));
                    return Progress::Suspended { delivery, failed, run, work };
                }
            }
        }
        self.submit_cursor();
        Progress::MoreToCome
    }

    /// Goes on with what has to wait.
    async fn go_on(&mut self, progress: Progress<A>) {
        match progress {
            Progress::Empty | Progress::MoreToCome => {}
            Progress::Unready => {
                if let Err(error) = self.activate().await {
                    tracing::warn!(actor = %self.shared().id, ?error, "its events wait");
                    self.shared().lane().pause();
                    self.park();
                    self.unpause_after(PAUSE);
                }
            }
            Progress::Behind(after) => {
                if let Err(error) = self.read_log(after).await {
                    tracing::warn!(actor = %self.shared().id, ?error, "its events wait");
                    self.shared().lane().read_failed(after);
                    self.unpause_after(PAUSE);
                }
            }
            Progress::Suspended { delivery, failed, run, work } => {
                match self.resume(&*work, run).await {
                    (result, None) => self.handled(delivery, failed, result.map(drop)),
                    (result, Some(draft)) => self.handled_unsaved(delivery, failed, result, draft),
                }
            }
        }
    }

    /// Handles the events that the actor has missed, until there are none or one of them has to wait.
    pub(super) async fn catch_up(&mut self) {
        loop {
            match self.work_lane(usize::MAX) {
                Progress::Empty | Progress::MoreToCome => return,
                waits => Box::pin(self.go_on(waits)).await,
            }
            if self.state().is_none() {
                return;
            }
        }
    }

    /// Whether an event can be run: the state is the saved one or builds on it, and it is known which events were handled.
    pub(super) fn is_ready_for_events(&mut self) -> bool {
        let is_current = !self.shared().has_failed();
        let reads = !self.shared().instances.subscriptions().is_empty();
        is_current && self.state().is_some() && (!reads || self.body().cursor().is_some())
    }

    /// The run of the clause that takes the event; `None` if there is nothing to do.
    fn request(&mut self, delivery: &Delivery, failed: u32) -> Option<Prepared<A>> {
        let key = delivery.key();
        if key.is_some() && key <= self.body().cursor() {
            return None;
        }
        let prepared = prepared(delivery, failed);
        if prepared.is_none() {
            self.env().channels.count_unmatched();
            // Saved with the next commit; until then the event is looked at again after a crash, and skipped again.
            if key.is_some() {
                self.body().kept().cursor = key;
            }
        }
        prepared
    }

    /// Puts the lane behind the messages that wait already.
    pub(super) fn queue_lane(&self) {
        self.push(Envelope::new(Turn));
    }
}
