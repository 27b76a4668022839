//! The instances of one actor in one system.

use std::any::Any;
use std::fmt;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU32, Ordering, fence};
use std::sync::{Arc, OnceLock, Weak};

use hashbrown::{DefaultHashBuilder, HashTable};
use parking_lot::RwLock;

use super::cell::{Body, Cell, Shared};
use super::claim::Guarded;
use super::pool::Pool;
use super::router::Router;
use super::waking::Waking;
use crate::actor::{Actor, ActorId, Kind};
use crate::delivery::{Delivery, Feed, Lane, Subscription};
use crate::error::Result;
use crate::observe::ActorMeters;
use crate::store::SubscriptionId;
use crate::system::{Core, Env, System};

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
    pub(super) subscriptions: OnceLock<Box<[Subscription]>>,
    /// Finds the instance of an event, if it is for one only.
    pub(super) router: Option<Arc<Router>>,
    /// Activates passive instances for an event, if one of the entries says so.
    pub(super) waking: Option<Arc<Waking>>,
    /// The members, if any one of them takes a message.
    /// A `Pool<A>`, which is not named here, so that what drops it is not compiled for an actor that has none.
    pool: Option<Box<dyn Any + Send + Sync>>,
    /// There if somebody records metrics.
    pub(crate) meters: Option<Box<ActorMeters>>,
    hasher: DefaultHashBuilder,
    shards: Box<[Shard<A>]>,
    /// The events in no log that all active instances get, and those instances that have had them all.
    pub(super) feed: Feed<Delivery, Weak<Cell<A>>>,
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

    /// Whether it is that instance. Another one is told by its hash, without a look at its cell.
    fn is(&self, hash: u64, instance: &str) -> bool {
        self.hash == hash && self.cell.id.instance().unwrap_or_default() == instance
    }
}

/// How many parts the table of an unnamed actor has, so that threads seldom wait for each other.
const SHARDS: usize = u32::BITS as usize;

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
            pool: Pool::<A>::boxed(),
            core,
            make,
            mailbox: A::TABLE.mailbox,
            subscriptions: OnceLock::new(),
            hasher: DefaultHashBuilder::default(),
            shards: (0..shards).map(|_| RwLock::default()).collect(),
            feed: Feed::default(),
            populated: AtomicU32::new(0),
        })
    }

    pub(crate) fn system(&self) -> System {
        System::from_core(self.core.upgrade())
    }

    /// The one instance of a named actor, or the front of a pool.
    pub(crate) fn named(self: &Arc<Self>) -> Arc<Cell<A>> {
        self.cell("", &|| ActorId::named(A::TABLE.name))
    }

    /// The instance `id` of an unnamed actor.
    pub(crate) fn unnamed(self: &Arc<Self>, id: &str) -> Result<Arc<Cell<A>>> {
        ActorId::check(id)?;
        Ok(self.cell(id, &|| ActorId::unnamed(A::TABLE.name, id)))
    }

    fn cell(self: &Arc<Self>, instance: &str, id: &dyn Fn() -> ActorId) -> Arc<Cell<A>> {
        let hash = self.hasher.hash_one(instance);
        let number = self.number_of_shard(hash);
        let shard = &self.shards[number];
        if let Some(place) = shard.read().find(hash, |place| place.is(hash, instance)) {
            return Arc::clone(&place.cell);
        }
        let mut places = shard.write();
        if let Some(place) = places.find(hash, |place| place.is(hash, instance)) {
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
        places.find(hash, |place| place.is(hash, instance)).map(|place| Arc::clone(&place.cell))
    }

    fn shard(&self, hash: u64) -> &Shard<A> {
        &self.shards[self.number_of_shard(hash)]
    }

    /// The table inside a shard uses the other end of the hash.
    fn number_of_shard(&self, hash: u64) -> usize {
        (hash >> 32) as usize % self.shards.len()
    }

    /// The shards that have an instance, with their numbers.
    fn populated(&self) -> impl Iterator<Item = (usize, &Shard<A>)> {
        fence(Ordering::SeqCst);
        let mut left = self.populated.load(Ordering::Relaxed);
        std::iter::from_fn(move || {
            let number = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            Some((number, self.shards.get(number)?))
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
        if const { !A::TABLE.kind.is_shared() } {
            return None;
        }
        self.pool.as_ref()?.downcast_ref()
    }

    /// What a subscription is called in the store.
    pub(super) fn key_of(&self, id: SubscriptionId) -> &str {
        let all = self.subscriptions();
        all.iter().find(|it| it.id == id).map_or("", |it| &it.key)
    }

    /// Activates passive instances for an event, if its subscription says so.
    pub(super) fn wake_passive(&self, delivery: &Delivery) {
        let wakes = |it: &Subscription| it.id == delivery.subscription && it.wakes_eagerly;
        if let Some(waking) = &self.waking
            && delivery.event.is_durable()
            && self.subscriptions().iter().any(wakes)
        {
            waking.want();
        }
    }

    /// Runs `f` on every cell that is in memory. No lock is held meanwhile.
    pub(super) fn for_each(&self, mut f: impl FnMut(Arc<Cell<A>>)) {
        self.for_each_dyn(&mut f);
    }

    /// Compiled once for an actor, whatever is run.
    fn for_each_dyn(&self, f: &mut dyn FnMut(Arc<Cell<A>>)) {
        #[cfg(test)]
        if crate::simulation::is_running() {
            let mut cells = Vec::new();
            for (_, shard) in self.populated() {
                cells.extend(shard.read().iter().map(Place::cell));
            }
            cells.sort_by(|one, other| one.id.cmp(&other.id));
            return cells.into_iter().for_each(f);
        }
        for (_, shard) in self.populated() {
            let cells: Vec<_> = shard.read().iter().map(Place::cell).collect();
            cells.into_iter().for_each(&mut *f);
        }
        if const { A::TABLE.kind.is_shared() }
            && let Some(pool) = self.pool()
        {
            pool.members().into_iter().for_each(f);
        }
    }

    /// Runs `f` on every cell with a state in memory but the members of a pool, without taking a reference. `f` locks nothing but lanes.
    pub(super) fn for_each_active(&self, mut f: impl FnMut(&Arc<Cell<A>>)) {
        #[cfg(test)]
        if crate::simulation::is_running() {
            return self.for_each(|cell| {
                if cell.is_active() {
                    f(&cell);
                }
            });
        }
        for (_, shard) in self.populated() {
            let places = shard.read();
            places.iter().map(|it| &it.cell).filter(|it| it.is_active()).for_each(&mut f);
        }
    }

    /// Runs `look` on every cell but the members of a pool, without taking a reference. It locks nothing.
    pub(super) fn look_at_each(&self, mut look: impl FnMut(&Arc<Cell<A>>)) {
        for shard in &self.shards {
            shard.read().iter().for_each(|place| look(&place.cell));
        }
    }

    /// Forgets all cells but the members of a pool.
    pub(super) fn forget_all(&self) {
        for shard in &self.shards {
            let cells = std::mem::take(&mut *shard.write());
            drop(cells);
        }
    }

    /// Forgets passive instances that nobody refers to.
    pub(super) fn forget_passive(&self) {
        for (number, shard) in self.populated() {
            // A reference can only be made from another one or under this lock, so that one which is the last stays the last.
            let is_needed = |cell: &Arc<Cell<A>>| cell.is_active() || !cell.ask_lane(Lane::is_done);
            let mut places = shard.write();
            places.retain(|it| Arc::strong_count(&it.cell) > 1 || is_needed(&it.cell));
            if places.is_empty() {
                self.populated.fetch_and(!(1 << number), Ordering::Relaxed);
            }
        }
        self.feed.keep_resting(|cell| cell.strong_count() > 0);
    }
}

impl<A: Actor> fmt::Debug for Instances<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Instances({})", A::TABLE.name)
    }
}
