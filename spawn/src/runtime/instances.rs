//! The instances of one actor in one system.

use std::any::Any;
use std::fmt;
use std::hash::BuildHasher;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering, fence};
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use hashbrown::{DefaultHashBuilder, HashTable};
use parking_lot::RwLock;

use super::cell::{AnyCell, Body, Cell, Shared};
use super::claim::Guarded;
use super::onward::Link;
use super::pool::Pool;
use super::router::{self, Router};
use super::run::Source;
use super::waking::{self, Waking};
use crate::actor::{Actor, ActorId, Kind};
use crate::call::{self, Call, CallOptions};
use crate::client::Origin;
use crate::delivery::{Delivery, Lane, Subscription};
use crate::dispatch::{Codec, Handler, Input, Outcome, Run};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Position;
use crate::grammar;
use crate::observe::ActorMeters;
use crate::parcel::Parcel;
use crate::retention::Progress;
use crate::store::{Cursor, SubscriptionId};
use crate::system::{Core, Env, System, Unfinished};

/// How a state is made where there is none yet.
pub(crate) type Factory<A> = Box<dyn Fn(&ActorId) -> A + Send + Sync>;

/// All instances of `A` in a system: one if it is named, one for each id if it is unnamed, and the members of a pool.
pub(crate) struct Instances<A: Actor> {
    pub(crate) env: Arc<Env>,
    core: Weak<Core>,
    make: Factory<A>,
    /// How many calls may wait for one instance.
    pub(crate) mailbox: u32,
    /// The subscriptions that are in the store, in the order of their ids. Set before the system accepts a message.
    subscriptions: OnceLock<Box<[Subscription]>>,
    /// Finds the instance of an event, if it is for one only.
    router: Option<Arc<Router>>,
    /// Activates passive instances for an event, if one of the entries says so.
    waking: Option<Arc<Waking>>,
    /// The members, if any one of them takes a message.
    pool: Option<Pool<A>>,
    /// There if somebody records metrics.
    pub(crate) meters: Option<Box<ActorMeters>>,
    hasher: DefaultHashBuilder,
    shards: Box<[Shard<A>]>,
    /// The shards that have an instance, a bit for each: an event passes the others by.
    populated: AtomicU32,
}

/// A part of the table of instances.
type Shard<A> = RwLock<HashTable<Place<A>>>;

/// An instance, and the hash of its id: a table that grows then looks at no cell.
struct Place<A: Actor> {
    hash: u64,
    cell: Arc<Cell<A>>,
}

impl<A: Actor> Place<A> {
    fn cell(&self) -> Arc<Cell<A>> {
        Arc::clone(&self.cell)
    }

    fn is(&self, instance: &str) -> bool {
        self.cell.id.instance().unwrap_or_default() == instance
    }
}

/// How many parts the table of an unnamed actor has, so that threads seldom wait for each other.
const SHARDS: usize = u32::BITS as usize;

/// The future of the response to a call by name.
pub(crate) type Responding = Pin<Box<dyn Future<Output = Result<Parcel>> + Send>>;

/// The instances of an actor of any type.
pub(crate) trait AnyInstances: Any + Send + Sync {
    fn name(&self) -> &'static str;

    /// Calls an action by name.
    fn invoke(self: Arc<Self>, invoke: Invoke) -> Responding;

    /// As [`invoke`](Self::invoke), up to where the action goes on to another one.
    fn link(self: Arc<Self>, invoke: Invoke) -> Link;

    /// The name of the action `action`, if that takes the payload, and `target` is the id of an instance.
    fn accepts(&self, target: &ActorId, action: &str, payload: &Parcel) -> Result<&'static str>;

    /// The name of the action that handles the events of the subscription that the store calls `key`.
    fn handler_of(&self, key: &str) -> Result<String>;

    /// Gives an event to every instance that there is, and adds those to `wake` that nobody runs.
    fn offer(self: Arc<Self>, delivery: &Delivery, wake: &mut Wake);

    /// Takes over the subscriptions that are in the store, and begins to read the log for a named actor.
    fn subscribe(self: Arc<Self>, subscriptions: Box<[Subscription]>, wake: &mut Wake);

    /// Starts what is called by the clock while the system runs.
    fn run_timers(self: Arc<Self>);

    /// How far the instances are, if everything up to `head` was given to them.
    fn has_had(&self, head: Position) -> Progress;

    /// As [`Lane::front`], of a named actor.
    fn front(&self) -> Option<(Cursor, bool)>;

    /// The events of a subscription leave the log up to `up_to`, whoever has not had them.
    fn lapse(&self, id: SubscriptionId, up_to: Position);

    /// Passivates what was idle for long enough.
    fn sweep(&self, tick: Tick);

    /// How long an instance may be idle.
    fn deactivate_timeout(&self) -> Duration;

    /// Saves what was to be saved later.
    fn save_deferred(&self);

    /// Adds those who work, or have something waiting.
    fn unfinished(&self, all: &mut Vec<Unfinished>);

    /// Adds up what the instances do.
    fn observe(&self, census: &mut Census);

    /// Adds the instances that have a state in memory.
    #[cfg(feature = "admin")]
    fn list_active(&self, page: &mut crate::inspect::ActivePage<'_>);

    /// Tells what nobody tells when it changes.
    fn measure(&self);

    /// Forgets all instances.
    fn clear(&self);
}

/// A call by name, taken apart.
pub(crate) struct Invoke {
    pub(crate) instance: Option<String>,
    pub(crate) action: String,
    pub(crate) payload: Input,
    pub(crate) origin: Option<Arc<Origin>>,
    pub(crate) options: CallOptions,
    pub(crate) cast: bool,
}

/// Cells whose events nobody is on the way to handle.
pub(crate) type Wake = smallvec::SmallVec<[Arc<dyn AnyCell>; 8]>;

/// The time of a sweep, in ticks of the sweeper since the system started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tick {
    pub(crate) now: u32,
    pub(crate) length: Duration,
}

/// What all actors of a system do at a moment.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Census {
    /// Actors that run or have something waiting.
    pub(crate) busy: usize,
    /// Messages handled so far; wraps.
    pub(crate) runs: u64,
    /// Actors with a state in memory.
    pub(crate) active: usize,
}

impl<A: Actor> Instances<A> {
    pub(crate) fn new(env: Arc<Env>, core: Weak<Core>, make: Factory<A>) -> Arc<Self> {
        let shards = match A::TABLE.kind {
            Kind::Unnamed => SHARDS,
            Kind::Named | Kind::Pooled | Kind::Task => 1,
        };
        let router = A::TABLE
            .is_dispatched()
            .then(|| Arc::new(Router::new(A::TABLE.name, Arc::clone(&env))));
        let meters = env.meters.as_ref().and_then(|meters| {
            let actions = A::TABLE.actions.iter().map(|action| action.name);
            let init = A::TABLE.init.iter().map(|init| init.action);
            meters.of_actor(A::TABLE.name, actions.chain(init).collect(), A::TABLE.timers)
        });
        Arc::new(Self {
            env,
            router,
            meters,
            waking: A::TABLE.wakes_eagerly().then(Arc::default),
            pool: Pool::new(),
            core,
            make,
            mailbox: A::TABLE.mailbox,
            subscriptions: OnceLock::new(),
            hasher: DefaultHashBuilder::default(),
            shards: (0..shards).map(|_| RwLock::default()).collect(),
            populated: AtomicU32::new(0),
        })
    }

    pub(crate) fn system(&self) -> System {
        System::from_core(self.core.upgrade())
    }

    /// The one instance of a named actor, or the front of a pool.
    pub(crate) fn named(self: &Arc<Self>) -> Arc<Cell<A>> {
        self.cell("", || ActorId::named(A::TABLE.name))
    }

    /// The instance `id` of an unnamed actor.
    pub(crate) fn unnamed(self: &Arc<Self>, id: &str) -> Result<Arc<Cell<A>>> {
        ActorId::check(id)?;
        Ok(self.cell(id, || ActorId::unnamed(A::TABLE.name, id)))
    }

    fn cell(self: &Arc<Self>, instance: &str, id: impl FnOnce() -> ActorId) -> Arc<Cell<A>> {
        let hash = self.hasher.hash_one(instance);
        let number = self.number_of_shard(hash);
        let shard = &self.shards[number];
        if let Some(place) = shard.read().find(hash, |place| place.is(instance)) {
            return Arc::clone(&place.cell);
        }
        let mut places = shard.write();
        if let Some(place) = places.find(hash, |place| place.is(instance)) {
            return Arc::clone(&place.cell);
        }
        let cell = Guarded::new(Shared::new(id(), Arc::clone(self)), Body::passive());
        let place = Place { hash, cell: Arc::clone(&cell) };
        places.insert_unique(hash, place, |place| place.hash);
        self.populated.fetch_or(1 << number, Ordering::Relaxed);
        // Either an event that comes now finds the instance, or that finds the event in the log when it is activated.
        fence(Ordering::SeqCst);
        cell
    }

    /// The instance, if it is in memory.
    pub(super) fn existing(&self, instance: &str) -> Option<Arc<Cell<A>>> {
        let hash = self.hasher.hash_one(instance);
        let places = self.shard(hash).read();
        places.find(hash, |place| place.is(instance)).map(|place| Arc::clone(&place.cell))
    }

    fn shard(&self, hash: u64) -> &Shard<A> {
        &self.shards[self.number_of_shard(hash)]
    }

    /// The table inside a shard uses the other end of the hash.
    fn number_of_shard(&self, hash: u64) -> usize {
        (hash >> 32) as usize % self.shards.len()
    }

    /// The shards that have an instance.
    fn populated(&self) -> impl Iterator<Item = &Shard<A>> {
        fence(Ordering::SeqCst);
        let mut left = self.populated.load(Ordering::Relaxed);
        std::iter::from_fn(move || {
            let number = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            self.shards.get(number)
        })
    }

    /// A state for an instance that has none saved.
    pub(super) fn make(&self, id: &ActorId) -> A {
        (self.make)(id)
    }

    /// The subscriptions that are in the store, in the order of their ids.
    pub(super) fn subscriptions(&self) -> &[Subscription] {
        self.subscriptions.get().map_or(&[], |all| all)
    }

    pub(super) fn router(&self) -> Option<&Arc<Router>> {
        self.router.as_ref()
    }

    /// The members, if any one of them takes a message.
    pub(super) fn pool(&self) -> Option<&Pool<A>> {
        if const { A::TABLE.kind.is_shared() } { self.pool.as_ref() } else { None }
    }

    /// What a subscription is called in the store.
    pub(super) fn key_of(&self, id: SubscriptionId) -> &str {
        let all = self.subscriptions();
        all.iter().find(|it| it.id == id).map_or("", |it| &it.key)
    }

    /// Activates passive instances for an event, if its subscription says so.
    fn wake_passive(&self, delivery: &Delivery) {
        let wakes = |it: &Subscription| it.id == delivery.subscription && it.wakes_eagerly;
        if let Some(waking) = &self.waking
            && delivery.event.is_durable()
            && self.subscriptions().iter().any(wakes)
        {
            waking.want();
        }
    }

    /// Runs `f` on every cell that is in memory. No lock is held meanwhile.
    fn for_each(&self, mut f: impl FnMut(Arc<Cell<A>>)) {
        #[cfg(test)]
        if crate::simulation::is_running() {
            let shards = self
                .shards
                .iter()
                .flat_map(|shard| shard.read().iter().map(Place::cell).collect::<Vec<_>>());
            let mut cells: Vec<_> = shards.collect();
            cells.sort_by(|one, other| one.id.cmp(&other.id));
            return cells.into_iter().for_each(f);
        }
        for shard in &self.shards {
            let cells: Vec<_> = shard.read().iter().map(Place::cell).collect();
            cells.into_iter().for_each(&mut f);
        }
        if const { A::TABLE.kind.is_shared() }
            && let Some(pool) = self.pool()
        {
            pool.members().into_iter().for_each(f);
        }
    }

    /// Runs `f` on every cell with a state in memory but the members of a pool, without taking a reference. `f` locks nothing but lanes.
    fn for_each_active(&self, mut f: impl FnMut(&Arc<Cell<A>>)) {
        #[cfg(test)]
        if crate::simulation::is_running() {
            return self.for_each(|cell| {
                if cell.is_active() {
                    f(&cell);
                }
            });
        }
        for shard in self.populated() {
            let places = shard.read();
            places.iter().map(|it| &it.cell).filter(|it| it.is_active()).for_each(&mut f);
        }
    }

    /// Forgets passive instances that nobody refers to.
    fn forget_passive(&self) {
        for (number, shard) in self.shards.iter().enumerate() {
            // A reference can only be made from another one or under this lock, so that one which is the last stays the last.
            let is_needed = |cell: &Arc<Cell<A>>| cell.is_active() || !cell.ask_lane(Lane::is_done);
            let mut places = shard.write();
            places.retain(|it| Arc::strong_count(&it.cell) > 1 || is_needed(&it.cell));
            if places.is_empty() {
                self.populated.fetch_and(!(1 << number), Ordering::Relaxed);
            }
        }
    }
}

/// The handler behind `get` and `get_state`; an actor without a state to show has an empty one.
fn get_state<A: Actor>() -> &'static Handler<A, Input, Parcel> {
    const {
        &Handler {
            action: "get_state",
            mutates: false,
            codec: Codec::PARCEL,
            run: Run::Plain(|state, _| match &A::TABLE.state {
                Some(durable) => Outcome::done((durable.pack)(state)),
                None => Outcome::done(Parcel::new(())),
            }),
        }
    }
}

impl<A: Actor> Instances<A> {
    fn call_by_name(self: &Arc<Self>, invoke: Invoke) -> Result<Call<A, Input, Parcel>> {
        let instance = invoke.instance.as_deref();
        Self::check_instance(instance)?;
        let cell = match instance {
            Some(id) => self.unnamed(id)?,
            None => self.named(),
        };
        let handler = Self::handler_by_name(&invoke.action, invoke.payload.parcel())?;
        // What was saved once is read, whatever has become of the limit.
        let is_stored = invoke.options.source.as_ref().is_some_and(Source::is_stored);
        if let Some(size) = invoke.payload.parcel().size().filter(|_| !is_stored) {
            let what = || "its payload".to_owned();
            let checked = self.env.sizes.check_bytes(size, what);
            checked.map_err(|error| error.at(&cell.id, handler.action))?;
        }
        Ok(Call::new(Ok(cell), handler, invoke.payload, invoke.origin).with(invoke.options))
    }

    /// Whether the actor is called so, with or without the id of an instance.
    fn check_instance(instance: Option<&str>) -> Result<()> {
        let name = A::TABLE.name;
        let message = match (A::TABLE.kind, instance) {
            (Kind::Named | Kind::Pooled | Kind::Task, None) | (Kind::Unnamed, Some(_)) => {
                return Ok(());
            }
            (Kind::Named, Some(id)) => {
                format!("`{name}` has one instance, but was called as `{id}`")
            }
            (Kind::Pooled | Kind::Task, Some(id)) => {
                format!("any member of `{name}` takes a call, but it was called as `{id}`")
            }
            (Kind::Unnamed, None) => format!(
                "`{name}` has an instance for each id; call the id, with `.reference(\"{name}\")`"
            ),
        };
        Err(Error::new(ErrorKind::UnknownActor, message))
    }

    fn handler_by_name(
        action: &str,
        payload: &Parcel,
    ) -> Result<&'static Handler<A, Input, Parcel>> {
        let is = |name| grammar::same_action(name, action);
        if is("get") || is("get_state") {
            return Ok(get_state::<A>());
        }
        A::TABLE.action(action)?.clause(payload)
    }
}

impl<A: Actor> AnyInstances for Instances<A> {
    fn name(&self) -> &'static str {
        A::TABLE.name
    }

    fn invoke(self: Arc<Self>, invoke: Invoke) -> Responding {
        let cast = invoke.cast;
        let call = match self.call_by_name(invoke) {
            Ok(call) => call,
            Err(error) => return Box::pin(std::future::ready(Err(error))),
        };
        if cast {
            Box::pin(async { call.cast().await.map(|()| Parcel::new(())) })
        } else {
            Box::pin(call)
        }
    }

    fn link(self: Arc<Self>, invoke: Invoke) -> Link {
        call::link(self.call_by_name(invoke))
    }

    fn accepts(&self, target: &ActorId, action: &str, payload: &Parcel) -> Result<&'static str> {
        Self::check_instance(target.instance())?;
        Self::handler_by_name(action, payload).map(|handler| handler.action)
    }

    fn handler_of(&self, key: &str) -> Result<String> {
        let entry = A::definition().entries().find(|entry| entry.key == key);
        let action = entry.and_then(|entry| A::TABLE.actions.get(entry.action));
        action.map(|action| action.name.to_owned()).ok_or_else(|| {
            let message = format!("`{}` is not subscribed to `{key}` any more", self.name());
            Error::new(ErrorKind::UnknownAction, message)
        })
    }

    fn offer(self: Arc<Self>, delivery: &Delivery, wake: &mut Wake) {
        if let Some(router) = &self.router {
            return router.offer(delivery.clone());
        }
        if const { !A::TABLE.hears() } {
            return;
        }
        let mut push = |cell: &Arc<Cell<A>>| {
            let has_to_run = cell.lane().offer(delivery.clone());
            if has_to_run {
                wake.push(Arc::clone(cell) as _);
            }
        };
        match A::TABLE.kind {
            Kind::Named | Kind::Pooled | Kind::Task => push(&self.named()),
            // One that is passive catches up when it is activated.
            Kind::Unnamed => {
                self.for_each_active(push);
                self.wake_passive(delivery);
            }
        }
    }

    fn subscribe(self: Arc<Self>, subscriptions: Box<[Subscription]>, wake: &mut Wake) {
        if const { A::TABLE.is_dispatched() }
            && let Some(router) = &self.router
        {
            let _set_once = self.subscriptions.set(subscriptions);
            let routing = router::run(Arc::downgrade(&self), Arc::clone(router));
            self.env.spawn(routing);
            return;
        }
        if const { A::TABLE.wakes_eagerly() }
            && let Some(waking) = &self.waking
        {
            // For what came while the system was not there.
            waking.want();
            self.env.spawn(waking::run(Arc::downgrade(&self), Arc::clone(waking)));
        }
        let reads = !subscriptions.is_empty() && A::TABLE.kind == Kind::Named;
        let reads = self.subscriptions.set(subscriptions).is_ok() && reads;
        if const { A::TABLE.hears() } && reads {
            let cell = self.named();
            let has_to_run = cell.lane().reset();
            if has_to_run {
                wake.push(cell);
            }
        }
    }

    fn run_timers(self: Arc<Self>) {
        Self::run_timers(&self);
    }

    fn has_had(&self, head: Position) -> Progress {
        if let Some(router) = &self.router {
            return Progress::Done(router.has_had(head));
        }
        if A::TABLE.kind != Kind::Named {
            return Progress::Unknown;
        }
        if const { !A::TABLE.hears() } {
            return Progress::Done(head);
        }
        let mut is_done = true;
        self.for_each(|cell| {
            let is_saved = !cell.has_unsaved() && !cell.has_failed() && !cell.is_deferred();
            is_done &= cell.ask_lane(Lane::is_done) && is_saved;
            if cell.has_failed() {
                // A call has failed, and no message has come since: until it is known how far it is, the log is kept for it.
                cell.begin_lane_again();
            }
        });
        if is_done { Progress::Done(head) } else { Progress::Behind }
    }

    fn front(&self) -> Option<(Cursor, bool)> {
        if const { matches!(A::TABLE.kind, Kind::Named) } && self.router.is_none() {
            self.existing("")?.lane().front()
        } else {
            None
        }
    }

    fn lapse(&self, id: SubscriptionId, up_to: Position) {
        if let Some(subscription) = self.subscriptions().iter().find(|it| it.id == id) {
            subscription.lapse(up_to);
        }
    }

    fn sweep(&self, tick: Tick) {
        let timeout = A::TABLE.deactivate_timeout;
        let sweep = |cell| super::passivation::sweep(cell, tick, timeout);
        if const { A::TABLE.kind.is_shared() }
            && let Some(pool) = self.pool()
        {
            pool.sweep(tick, timeout);
            self.existing("").into_iter().for_each(sweep);
        } else {
            self.for_each(sweep);
        }
        if const { matches!(A::TABLE.kind, Kind::Unnamed) } {
            self.forget_passive();
        }
    }

    fn deactivate_timeout(&self) -> Duration {
        A::TABLE.deactivate_timeout
    }

    fn save_deferred(&self) {
        if const { A::TABLE.snapshot_timeout.is_some() } {
            self.for_each(|cell| {
                if cell.is_deferred() {
                    cell.save_deferred();
                }
            });
        }
    }

    fn unfinished(&self, all: &mut Vec<Unfinished>) {
        self.for_each(|cell| {
            if !cell.is_idle() {
                all.push(Unfinished::actor_of(&cell.id, cell.running(), cell.waiting() as usize));
            }
        });
    }

    fn observe(&self, census: &mut Census) {
        census.busy += usize::from(self.router.as_ref().is_some_and(|router| router.is_busy()));
        census.busy += usize::from(self.waking.as_ref().is_some_and(|waking| waking.is_busy()));
        self.for_each(|cell| {
            let works = !cell.is_idle() || cell.has_unsaved() || !cell.ask_lane(Lane::is_idle);
            census.busy += usize::from(works);
            census.runs = census.runs.wrapping_add(u64::from(cell.runs()));
            census.active += usize::from(cell.is_active());
        });
    }

    #[cfg(feature = "admin")]
    fn list_active(&self, page: &mut crate::inspect::ActivePage<'_>) {
        self.for_each_active(|cell| page.add(cell));
        if const { A::TABLE.kind.is_shared() }
            && let Some(pool) = self.pool()
        {
            pool.members().iter().filter(|member| member.is_active()).for_each(|it| page.add(it));
        }
    }

    fn measure(&self) {
        let Some(meters) = &self.meters else { return };
        let (mut active, mut fullest) = (0, 0);
        let mut look = |cell: &Arc<Cell<A>>| {
            active += u32::from(cell.is_active());
            fullest = fullest.max(cell.waiting());
        };
        for shard in &self.shards {
            shard.read().iter().for_each(|place| look(&place.cell));
        }
        if const { A::TABLE.kind.is_shared() }
            && let Some(pool) = self.pool()
        {
            pool.members().iter().for_each(look);
        }
        meters.active.set(active);
        meters.mailbox.set(fullest);
    }

    fn clear(&self) {
        if let Some(router) = &self.router {
            router.close();
        }
        if let Some(waking) = &self.waking {
            waking.close();
        }
        for shard in &self.shards {
            let cells = std::mem::take(&mut *shard.write());
            drop(cells);
        }
        if const { A::TABLE.kind.is_shared() }
            && let Some(pool) = self.pool()
        {
            pool.close();
        }
    }
}

impl<A: Actor> fmt::Debug for Instances<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Instances({})", A::TABLE.name)
    }
}
