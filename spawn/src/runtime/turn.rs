//! The turn of the events that wait for an actor.
//!
//! They wait beside the mailbox, in a [`Lane`](crate::delivery::Lane), so that a call does not wait behind a thousand events and an event does not wait
//! behind a full mailbox. The lane as a whole stands in the mailbox like one message; each time it is its turn, a few events are
//! handled.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::cell::{ActorClaim, AnyCell, Cell, First};
use super::claim::{Content, Envelope, Opened, Sheet};
use super::following::Step;
use super::job::{Job, Work};
use super::onward::Answer;
use super::run::{Ran, Request, Source, Suspended};
use super::settle;
use crate::actor::{Actor, Kind};
use crate::commit::Draft;
use crate::dead_letter;
use crate::delivery::{self, Delivery, Keyed, Next, Place, Subscription, Verdict};
use crate::dispatch::Input;
use crate::error::{Error, Result};
use crate::event::Position;
use crate::flow::Answered;
use crate::parcel::Parcel;
use crate::schedule;
use crate::store::{Cursor, NewDeadLetter, SubscriptionId};

/// How many events are handled before calls have a turn again.
const EVENTS_PER_TURN: usize = 64;

/// How long to wait before something is tried again that failed for a reason which is not the event's.
pub(super) const PAUSE: Duration = Duration::from_secs(1);

/// How long an actor waits whose commit has failed, so that a store that fails every one is not kept busy with it.
const AFTER_FAILURE: Duration = Duration::from_millis(50);

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
        go_on(claim, progress);
    }
}

/// As [`run`], but an actor that has handled several events does not rest after that: it is given back, to be visited again.
pub(super) fn visit<A: Actor>(cell: Arc<Cell<A>>) -> Option<Arc<Cell<A>>> {
    let mut claim = claim(cell)?;
    let progress = claim.visit_lane(EVENTS_PER_TURN);
    if matches!(progress, Progress::Empty) {
        claim.release();
        return None;
    }
    if matches!(progress, Progress::MoreToCome) {
        match claim.release_alone() {
            Ok(cell) => return Some(cell),
            // Calls have their turn first.
            Err(busy) => claim = busy,
        }
    }
    go_on(claim, progress);
    None
}

/// The claim, if the lane need not stand in the mailbox for it.
fn claim<A: Actor>(cell: Arc<Cell<A>>) -> Option<ActorClaim<A>> {
    match ActorClaim::try_new(cell) {
        Ok(claim) => Some(claim),
        Err(cell) => ActorClaim::send(&cell, Envelope::new(Turn)).map(|(claim, _turn)| claim),
    }
}

/// Gives the claim back, or leaves it to a task if something has to wait.
fn go_on<A: Actor>(mut claim: ActorClaim<A>, progress: Progress<A>) {
    match progress {
        Progress::Empty => claim.release(),
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
                return Progress::MoreToCome;
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

    /// The outcome will be known when it is saved; the actor goes on meanwhile.
    pub(super) fn handled_unsaved(
        &mut self,
        delivery: Delivery,
        failed: u32,
        result: Result<Answer>,
        draft: Option<Box<Draft>>,
    ) {
        match result {
            Ok(answer) => {
                let (cell, key) = (Arc::clone(self.cell()), delivery.key());
                self.hold_event(draft, move |saved| match saved {
                    Ok(()) => {
                        drop(answer.release());
                        cell.has_handled(key);
                    }
                    Err(_) => cell.begin_lane_again(),
                });
            }
            Err(error) => self.handled(delivery, failed, Err(error)),
        }
    }

    pub(super) fn handled(&mut self, delivery: Delivery, failed: u32, result: Result<()>) {
        let Err(error) = result else { return self.pass(&delivery) };
        let id = &self.shared().id;
        if delivery.key().is_none() {
            tracing::warn!(actor = %id, event = ?delivery.event, ?error, "a transient event was not handled");
            return;
        }
        if schedule::is_not_its_own(&error) {
            tracing::warn!(actor = %id, event = ?delivery.event, ?error, "an event has to wait");
            self.shared().lane().put_back(delivery, failed);
            self.park();
            self.unpause_after(PAUSE);
            return;
        }
        let verdict =
            self.shared().lane().failed(delivery, failed, &A::TABLE.retry, error.is_worth_trying());
        match verdict {
            Verdict::Retry(pause) => {
                tracing::warn!(actor = %id, ?pause, ?error, "an event comes again");
                if let Some(meters) = &self.shared().instances.meters {
                    meters.events.retries.increment(1);
                }
                self.park();
                self.unpause_after(pause);
            }
            Verdict::GiveUp { item, attempts } => self.give_up(&item, attempts, &error),
        }
    }

    /// Puts the event among the dead letters, in the commit that moves the cursor.
    fn give_up(&mut self, delivery: &Delivery, attempts: u32, error: &Error) {
        let id = self.shared().id.clone();
        tracing::error!(actor = %id, event = ?delivery.event, attempts, ?error, "an event is given up");
        let pattern = self.shared().instances.key_of(delivery.subscription);
        let Some(key) = delivery.key() else { return };
        let pattern = pattern.to_owned();
        let event = &delivery.event;
        self.bury(key, |at| {
            dead_letter::of_event(id.as_str(), &pattern, event, error, attempts, at)
        });
        self.pass(delivery);
    }

    /// Saves a dead letter, in the commit that moves the cursor.
    fn bury(&mut self, key: Cursor, letter: impl FnOnce(u64) -> NewDeadLetter) {
        let id = self.shared().id.clone();
        let mut commit = self.new_commit();
        let letter = letter(commit.at);
        let mut outbox = dead_letter::announcement(self.env(), &letter, Some(&id));
        if let Some(outbox) = &mut outbox {
            outbox.write(&mut commit);
        }
        commit.dead_letter = Some(Box::new(letter));
        if A::TABLE.state.is_some() {
            commit.actor = Some(self.write_actor(None, Some(key)));
        } else {
            commit.consumed = Some(settle::consumed(id.to_string(), key));
            let kept = self.body().kept();
            kept.cursor = Some(key);
            kept.submitted = Some(key);
        }
        self.save(Draft { commit, outbox });
    }

    /// Submits what nobody waits for.
    pub(super) fn save(&mut self, draft: Draft) {
        let settled =
            settle::Settled { response: Ok(Answered::Here(())), draft: Some(Box::new(draft)) };
        if let Ran::Held(_, draft) = self.conclude(settled) {
            let cell = Arc::clone(self.cell());
            self.hold_event(draft, move |saved| {
                if saved.is_err() {
                    cell.begin_lane_again();
                }
            });
        } else if self.shared().has_failed() {
            Arc::clone(self.cell()).begin_lane_again();
        }
    }

    /// Saves how far an actor is that has no state to save it with. A crash before that brings a few events again.
    fn submit_cursor(&mut self) {
        let is_routed = self.shared().instances.router().is_some();
        if A::TABLE.state.is_some() || is_routed || self.body().cursor().is_none() {
            return;
        }
        let is_lost = self.shared().lane().take_lost_cursor();
        let kept = self.body().kept();
        let is_new = kept.cursor != kept.submitted;
        let Some(cursor) = kept.cursor.filter(|_| is_new || is_lost) else { return };
        kept.submitted = Some(cursor);
        let mut commit = self.new_commit();
        commit.consumed = Some(settle::consumed(self.shared().id.to_string(), cursor));
        let (env, cell) = (Arc::clone(self.env()), Arc::clone(self.cell()));
        let failed = Arc::clone(&cell);
        let is_void = move || failed.has_failed();
        let again = move || {
            let wake = cell.lane().lose_cursor();
            if wake {
                cell.run_lane();
            }
        };
        self.env().pipeline.submit(Box::new(Place { env, commit, is_void, again }));
    }

    async fn read_log(&mut self, after: Cursor) -> Result<()> {
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

    fn unpause_after(&self, pause: Duration) {
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

    /// Puts the lane behind the messages that wait already.
    pub(super) fn queue_lane(&self) {
        self.push(Envelope::new(Turn));
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
