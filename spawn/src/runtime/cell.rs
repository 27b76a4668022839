//! One actor in memory.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use std::{fmt, mem};

use bytes::Bytes;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;
use tokio::task::coop;

use super::ask::{self, AnyAsk};
use super::claim::{Claim, Envelope, Guarded, Opened, Sent};
use super::instances::Instances;
use super::run::Suspended;
use super::timers::Running;
use crate::actor::{Actor, ActorId};
use crate::delivery::{Delivery, Lane};
use crate::store::{Cursor, Revision};
use crate::system::{Env, System};
use crate::tags::Tags;

/// An actor: who it is, its state, and what waits for it. Idle, it is nothing but this allocation.
pub(crate) type Cell<A> = Guarded<Shared<A>, Body<A>, Envelope<ActorClaim<A>>>;

/// The right to run the actor. Everything that an actor does, it does under its claim.
pub(crate) struct ActorClaim<A: Actor>(pub(super) Claim<Shared<A>, Body<A>, Envelope<Self>>);

/// What a task sees to first that goes on with a claim. All that is left to a task goes through this one, which is compiled once for an
/// actor.
pub(crate) enum First<A: Actor> {
    /// What is in the mailbox.
    Mailbox,
    /// That there is room for what waits for the disk.
    Room,
    Envelope(Envelope<ActorClaim<A>>),
    /// A call that was begun elsewhere, and waits.
    Begun(Arc<dyn AnyAsk<A>>, Suspended),
}

/// What everyone may see.
pub(crate) struct Shared<A: Actor> {
    pub(crate) id: ActorId,
    pub(crate) instances: Arc<Instances<A>>,
    /// Calls in the mailbox, and those that are about to be put there.
    waiting: AtomicU32,
    /// How many messages the actor has handled; wraps. Written under the claim only.
    runs: AtomicU32,
    /// Whether there is a state in memory. Written under the claim only.
    active: AtomicBool,
    /// When it was activated last, in milliseconds since 1970. Written under the claim only.
    #[cfg(feature = "admin")]
    since: AtomicU64,
    /// Whether whoever has the claim, or had it last, gives it back at once. Written under the claim only; a hint.
    brief: AtomicBool,
    /// How many commits of the actor are not known to have taken effect; with [`FAILED`] if one has not, and [`DEFERRED`].
    unsaved: AtomicU32,
    /// Which action waits for something or is watched, and since when: see [`begin_running`](Self::begin_running). Written under the claim
    /// only.
    running: AtomicU64,
    /// What the sweeper saw last: `runs` in the upper half, and the tick at which it became so in the lower.
    pub(super) seen: AtomicU64,
    /// What few actors need.
    extras: OnceLock<Box<Extras>>,
}

/// How often a claim is looked at again, each time after twice the pause: a microsecond or two in all.
const LONGEST_PAUSE: u32 = 9;

/// How many bits of `running` are the time: milliseconds for longer than there were people.
const TIME: u32 = 48;

/// Which of its actions this is, the first being 1; 0 for what is none, and for those that there are no numbers for.
fn place_of<A: Actor>(action: &str) -> u64 {
    let place = A::TABLE.actions.iter().position(|it| it.name == action);
    place.map_or(0, |place| place as u64 + 1).min(u64::MAX >> TIME)
}

/// Set in `unsaved` when a commit has failed: what the actor has in memory is not what is saved.
const FAILED: u32 = 1 << 31;

/// Set in `unsaved` while the state is to be saved later. Written under the claim only.
const DEFERRED: u32 = 1 << 30;

/// What the holder of the claim may change.
pub(crate) struct Body<A> {
    /// The state; `None` while the actor is passive, and while an `async` action has it.
    pub(super) state: Option<A>,
    /// What an actor of which nothing lasts does not have.
    pub(super) kept: Option<Box<Kept>>,
}

/// What the store has of an actor, or is about to have.
#[derive(Default)]
pub(super) struct Kept {
    /// The state of a durable actor as it was saved last, or is about to be, now or later.
    pub(super) saved: Bytes,
    /// The number of that state.
    pub(super) revision: Revision,
    /// The tags that the actor has set, and that are saved or about to be.
    pub(super) tags: Option<Arc<Tags>>,
    /// How far the actor is with its subscriptions; `None` if that was not read yet.
    pub(super) cursor: Option<Cursor>,
    /// The cursor that was submitted last, of an actor without a state to go with it.
    pub(super) submitted: Option<Cursor>,
}

impl<A> Body<A> {
    pub(super) fn passive() -> Self {
        Self { state: None, kept: None }
    }

    /// What is kept, from here on at the latest.
    pub(super) fn kept(&mut self) -> &mut Kept {
        self.kept.get_or_insert_default()
    }

    pub(super) fn cursor(&self) -> Option<Cursor> {
        self.kept.as_ref().and_then(|kept| kept.cursor)
    }

    pub(super) fn tags(&self) -> Option<&Arc<Tags>> {
        self.kept.as_ref().and_then(|kept| kept.tags.as_ref())
    }

    /// Forgets what goes with the state.
    pub(super) fn forget_saved(&mut self) {
        if let Some(kept) = &mut self.kept {
            kept.saved = Bytes::new();
            kept.tags = None;
        }
    }
}

#[derive(Default)]
struct Extras {
    /// Told when there is room in the mailbox again.
    room: Arc<Notify>,
    /// Callers that wait for it.
    waiting_for_room: AtomicU32,
    /// Told when no commit of the actor is outstanding any more.
    all_saved: Notify,
    lane: Mutex<Lane<Delivery>>,
    /// Let go of when the actor is passivated, which ends its timers.
    timers: Mutex<Option<Running>>,
}

/// An actor of any type.
pub(crate) trait AnyCell: Send + Sync + 'static {
    fn id(&self) -> &ActorId;
    fn env(&self) -> &Arc<Env>;
    fn system(&self) -> System;
    /// The tags of an actor that has set none.
    fn declared_tags(&self) -> &'static Tags;
    /// Handles the events that wait, in place if the actor is idle.
    fn run_lane(self: Arc<Self>);
    /// As `run_lane`. An actor that may have more to handle in a moment is given back, and has to be visited again.
    fn visit_lane(self: Arc<Self>) -> Option<Arc<dyn AnyCell>>;
    /// What can be told of it at this moment.
    #[cfg(feature = "admin")]
    fn look_at(self: Arc<Self>) -> crate::inspect::ActiveActor;
}

impl<A: Actor> AnyCell for Cell<A> {
    fn id(&self) -> &ActorId {
        &self.id
    }

    fn env(&self) -> &Arc<Env> {
        &self.instances.env
    }

    fn system(&self) -> System {
        self.instances.system()
    }

    fn declared_tags(&self) -> &'static Tags {
        A::definition().tags()
    }

    fn run_lane(self: Arc<Self>) {
        if const { A::TABLE.hears() } {
            super::turn::run(self);
        }
    }

    fn visit_lane(self: Arc<Self>) -> Option<Arc<dyn AnyCell>> {
        if const { A::TABLE.hears() } { Some(super::turn::visit(self)? as _) } else { None }
    }

    #[cfg(feature = "admin")]
    fn look_at(self: Arc<Self>) -> crate::inspect::ActiveActor {
        let events = self.extras.get().map_or(0, |extras| extras.lane.lock().len());
        let mut found = crate::inspect::ActiveActor {
            id: self.id.clone(),
            since: crate::clock::calendar(self.since.load(Ordering::Relaxed)),
            waiting: self.waiting.load(Ordering::Relaxed) as usize,
            events,
            is_busy: !self.is_idle(),
            revision: None,
        };
        // The members of a pool are claimed by the pool alone, and have no revision.
        if A::TABLE.state.is_some()
            && let Ok(mut claim) = ActorClaim::try_new(self)
        {
            found.revision = Some(claim.body().kept.as_ref().map_or(Revision(0), |it| it.revision));
            claim.release();
        }
        found
    }
}

impl<A: Actor> Shared<A> {
    pub(super) fn new(id: ActorId, instances: Arc<Instances<A>>) -> Self {
        Self {
            id,
            instances,
            waiting: AtomicU32::new(0),
            runs: AtomicU32::new(0),
            active: AtomicBool::new(false),
            #[cfg(feature = "admin")]
            since: AtomicU64::new(0),
            brief: AtomicBool::new(true),
            unsaved: AtomicU32::new(0),
            running: AtomicU64::new(0),
            seen: AtomicU64::new(0),
            extras: OnceLock::new(),
        }
    }

    fn extras(&self) -> &Extras {
        self.extras.get_or_init(Box::default)
    }

    pub(super) fn lane(&self) -> MutexGuard<'_, Lane<Delivery>> {
        self.extras().lane.lock()
    }

    /// What the lane says of itself; an actor that never had an event has none.
    pub(super) fn ask_lane(&self, ask: impl FnOnce(&Lane<Delivery>) -> bool) -> bool {
        self.extras.get().is_none_or(|extras| ask(&extras.lane.lock()))
    }

    /// Ends the timers of the last activation, if it had any, and keeps these. Called under the claim.
    pub(super) fn set_timers(&self, timers: Option<Running>) {
        if const { !A::TABLE.timers.is_empty() } {
            *self.extras().timers.lock() = timers;
        }
    }

    /// A commit is on its way.
    pub(super) fn begin_saving(&self) {
        self.unsaved.fetch_add(1, Ordering::AcqRel);
    }

    /// The outcome of a commit is known.
    pub(super) fn end_saving(&self) {
        let before = self.unsaved.fetch_sub(1, Ordering::AcqRel);
        if before & !(FAILED | DEFERRED) == 1
            && let Some(extras) = self.extras.get()
        {
            extras.all_saved.notify_waiters();
        }
    }

    /// A commit has failed: what is in memory has to go.
    pub(super) fn note_failure(&self) {
        self.unsaved.fetch_or(FAILED, Ordering::AcqRel);
    }

    /// Whether a commit has failed since the actor was activated.
    pub(super) fn has_failed(&self) -> bool {
        self.unsaved.load(Ordering::Acquire) & FAILED != 0
    }

    /// The failure was dealt with. Called under the claim, when no commit is outstanding.
    pub(super) fn forget_failure(&self) {
        self.unsaved.fetch_and(!FAILED, Ordering::AcqRel);
    }

    /// How many commits are outstanding.
    pub(super) fn unsaved(&self) -> u32 {
        self.unsaved.load(Ordering::Acquire) & !(FAILED | DEFERRED)
    }

    /// Whether a commit is outstanding.
    pub(super) fn has_unsaved(&self) -> bool {
        self.unsaved() > 0
    }

    /// Whether nothing is outstanding, has failed or is to be saved later.
    pub(super) fn is_saved(&self) -> bool {
        self.unsaved.load(Ordering::Acquire) == 0
    }

    /// Resolves when no commit is outstanding.
    pub(super) async fn all_saved(&self) {
        while self.has_unsaved() {
            let saved = self.extras().all_saved.notified();
            if self.has_unsaved() {
                saved.await;
            }
        }
    }

    pub(super) fn is_active(&self) -> bool {
        self.active.load(Ordering::Acquire)
    }

    /// Whether the state is to be saved later.
    pub(super) fn is_deferred(&self) -> bool {
        self.unsaved.load(Ordering::Acquire) & DEFERRED != 0
    }

    /// Says what it was before. Called under the claim.
    pub(super) fn set_deferred(&self, deferred: bool) -> bool {
        let before = if deferred {
            self.unsaved.fetch_or(DEFERRED, Ordering::AcqRel)
        } else {
            self.unsaved.fetch_and(!DEFERRED, Ordering::AcqRel)
        };
        before & DEFERRED != 0
    }

    /// Says whether the claim is given back at once. Called under the claim.
    #[inline]
    pub(crate) fn set_brief(&self, brief: bool) {
        // Mostly it says so already, and a line of the cache that is not written stays where it is.
        if self.brief.load(Ordering::Relaxed) != brief {
            self.brief.store(brief, Ordering::Relaxed);
        }
    }

    pub(super) fn runs(&self) -> u32 {
        self.runs.load(Ordering::Acquire)
    }

    /// An action does not end in place. It is noted for whoever asks at the end of the system: its place in the table in the upper bits,
    /// and below them the time.
    pub(super) fn begin_running(&self, action: &str) {
        let now = self.instances.env.clock.now() & (u64::MAX >> (64 - TIME));
        self.running.store(place_of::<A>(action) << TIME | now, Ordering::Release);
    }

    /// As [`begin_running`](Self::begin_running), where nobody reads the clock for it.
    pub(super) fn begin_watched(&self, action: &str) {
        self.running.store(place_of::<A>(action) << TIME, Ordering::Release);
    }

    pub(super) fn end_running(&self) {
        self.running.store(0, Ordering::Release);
    }

    /// The action that was noted, and how long it has been running.
    pub(super) fn running(&self) -> Option<(Option<&'static str>, Option<Duration>)> {
        let noted = Some(self.running.load(Ordering::Acquire)).filter(|noted| *noted != 0)?;
        let (place, since) = (noted >> TIME, noted & (u64::MAX >> (64 - TIME)));
        let action = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
        let action = action.and_then(|place| A::TABLE.actions.get(place)).map(|it| it.name);
        let elapsed = self.instances.env.clock.now().saturating_sub(since);
        Some((action, (since != 0).then(|| Duration::from_millis(elapsed))))
    }

    /// Takes a place in the mailbox, if there is one.
    pub(crate) fn try_reserve(&self) -> bool {
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let room = before < self.instances.mailbox;
        if !room {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        }
        room
    }

    /// How many calls wait in the mailbox, or are about to.
    pub(super) fn waiting(&self) -> u32 {
        self.waiting.load(Ordering::Acquire)
    }

    /// Gives a place back that was taken by [`try_reserve`](Self::try_reserve).
    pub(crate) fn vacate(&self) {
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        if let Some(extras) = self.extras.get()
            && extras.waiting_for_room.load(Ordering::SeqCst) > 0
        {
            extras.room.notify_one();
        }
    }

    /// Resolves when there may be room; others may take it first. Ends with
    /// [`stop_waiting_for_room`](Self::stop_waiting_for_room).
    pub(crate) fn wait_for_room(&self) -> Room {
        let extras = self.extras();
        extras.waiting_for_room.fetch_add(1, Ordering::SeqCst);
        let mut room = Box::pin(Arc::clone(&extras.room).notified_owned());
        room.as_mut().enable();
        // Room that was made before `vacate` could see that someone waits.
        if self.waiting.load(Ordering::SeqCst) < self.instances.mailbox {
            extras.room.notify_one();
        }
        room
    }

    /// Ends the wait of [`wait_for_room`](Self::wait_for_room).
    ///
    /// Whoever was told of room may not have taken it, since the actor was idle and ran the call at once: the next one is told.
    pub(crate) fn stop_waiting_for_room(&self) {
        let extras = self.extras();
        let others = extras.waiting_for_room.fetch_sub(1, Ordering::SeqCst) > 1;
        if others && self.waiting.load(Ordering::SeqCst) < self.instances.mailbox {
            extras.room.notify_one();
        }
    }
}

/// Resolves when there may be room.
pub(crate) type Room = std::pin::Pin<Box<OwnedNotified>>;

impl<A: Actor> fmt::Debug for Shared<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

impl<A: Actor> Cell<A> {
    /// Whether it is worth a try to run a call at once: there is one actor to run it, which is idle or will be in a moment, and what it
    /// has is saved.
    #[inline]
    pub(crate) fn is_at_hand(&self) -> bool {
        let is_one = const { !A::TABLE.kind.is_shared() };
        is_one && self.is_saved() && (self.is_idle() || self.brief.load(Ordering::Relaxed))
    }
}

impl<A: Actor> ActorClaim<A> {
    #[inline]
    pub(crate) fn try_new(cell: Arc<Cell<A>>) -> Result<Self, Arc<Cell<A>>> {
        Guarded::try_claim(cell).map(Self)
    }

    /// As [`try_new`](Self::try_new), and waits a moment for someone who gives the claim back at once: to leave a message, and to be
    /// woken for the response, costs more than several runs of an action.
    #[inline]
    pub(super) fn try_soon(cell: Arc<Cell<A>>) -> Result<Self, Arc<Cell<A>>> {
        Self::try_new(cell).or_else(Self::try_again)
    }

    #[cold]
    fn try_again(mut cell: Arc<Cell<A>>) -> Result<Self, Arc<Cell<A>>> {
        for pause in 6..LONGEST_PAUSE {
            if !cell.brief.load(Ordering::Relaxed) {
                break;
            }
            // Longer each time, so that the other one is not disturbed while it goes from call to call.
            (0..1 << pause).for_each(|_| std::hint::spin_loop());
            if cell.is_idle() {
                match Self::try_new(cell) {
                    Ok(claim) => return Ok(claim),
                    Err(busy) => cell = busy,
                }
            }
        }
        Err(cell)
    }

    pub(crate) fn cell(&self) -> &Arc<Cell<A>> {
        self.0.cell()
    }

    pub(crate) fn shared(&self) -> &Shared<A> {
        &self.0
    }

    pub(super) fn body(&mut self) -> &mut Body<A> {
        self.0.body()
    }

    pub(super) fn state(&mut self) -> &mut Option<A> {
        &mut self.body().state
    }

    pub(crate) fn env(&self) -> &Arc<Env> {
        &self.shared().instances.env
    }

    pub(super) fn take_state(&mut self) -> Option<A> {
        mem::take(self.state())
    }

    pub(super) fn set_active(&self, active: bool) {
        #[cfg(feature = "admin")]
        if active {
            self.shared().since.store(self.env().clock.now(), Ordering::Relaxed);
        }
        self.shared().active.store(active, Ordering::Release);
        if active {
            self.follow_feed();
        } else {
            self.leave_feed();
        }
    }

    /// Notes that a message was handled. For the sweeper, a tick of a timer is not something that the actor has to do.
    pub(super) fn count_run(&self, is_tick: bool) {
        let shared = self.shared();
        let (before, seen) = (shared.runs(), shared.seen.load(Ordering::Relaxed));
        let after = before.wrapping_add(1);
        shared.runs.store(after, Ordering::Release);
        if is_tick && seen >> 32 == u64::from(before) {
            let tick = seen & u64::from(u32::MAX);
            shared.seen.store(u64::from(after) << 32 | tick, Ordering::Relaxed);
        }
    }

    /// Leaves what waits to a task, which sees to `first` before it.
    pub(crate) fn spawn_drain(self, first: First<A>) {
        let env = Arc::clone(self.env());
        env.spawn(self.drain_from(first));
    }

    /// Leaves an envelope for the holder of the claim, or gives it back with the claim if there is none.
    pub(super) fn send(
        cell: &Arc<Cell<A>>,
        envelope: Envelope<Self>,
    ) -> Option<(Self, Envelope<Self>)> {
        match Guarded::send(cell, envelope) {
            Sent::Queued => None,
            Sent::Claimed(claim, envelope) => Some((Self(claim), envelope)),
        }
    }

    /// Puts an envelope behind those that wait in the actor's own mailbox.
    pub(super) fn push(&self, envelope: Envelope<Self>) {
        self.0.push(envelope);
    }

    /// Gives the claim back to the actor itself, or keeps it if something waits in its own mailbox.
    pub(super) fn release_alone(self) -> Result<Arc<Cell<A>>, Self> {
        self.0.release().map_err(Self)
    }

    /// Gives the claim back. If something came meanwhile, a task goes on with it.
    pub(crate) fn release(self) {
        if let Err(claim) = self.give_back() {
            claim.spawn_drain(First::Mailbox);
        }
    }

    /// As [`release`](Self::release), when the actor has submitted something: while too much waits for the disk, it takes no more.
    pub(crate) fn release_when_there_is_room(self) {
        if self.env().pipeline.is_full() {
            self.shared().set_brief(false);
            self.spawn_drain(First::Room);
        } else {
            self.release();
        }
    }

    fn open(&mut self, first: First<A>) -> Opened<'_> {
        match first {
            First::Mailbox | First::Room => Opened::Done,
            First::Envelope(envelope) => envelope.open(self),
            First::Begun(ask, suspended) => ask::go_on(ask, self, suspended),
        }
    }

    /// Sees to `first`, then handles what waits until nothing does, and gives the claim back.
    pub(super) async fn drain_from(mut self, mut first: First<A>) {
        self.shared().set_brief(false);
        loop {
            if matches!(first, First::Room | First::Envelope(_)) && self.env().pipeline.is_full() {
                let env = Arc::clone(self.env());
                env.pipeline.room().await;
            }
            if let Opened::Pending(rest) = self.open(first) {
                rest.await;
            }
            coop::consume_budget().await;
            first = loop {
                if let Some(envelope) = self.0.next() {
                    break First::Envelope(envelope);
                }
                match self.give_back() {
                    Ok(()) => return,
                    Err(claim) => self = claim,
                }
            };
        }
    }
}
