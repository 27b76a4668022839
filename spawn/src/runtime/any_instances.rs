//! The instances of an actor of any type: what a system does with actors that it knows by name.

use std::any::Any;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::cell::{AnyCell, Cell};
use super::instances::Instances;
use super::onward::Link;
use super::router;
use super::run::Source;
use super::waking;
use crate::actor::{Actor, ActorId, Kind};
use crate::call::{self, Call, CallOptions};
use crate::client::Origin;
use crate::delivery::{Delivery, Keyed, Lane, Subscription};
use crate::dispatch::{Codec, Handler, Input, Outcome, Run};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Position;
use crate::grammar;
use crate::parcel::Parcel;
use crate::retention::Progress;
use crate::store::{Cursor, SubscriptionId};
use crate::system::Unfinished;

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
    fn offer(self: Arc<Self>, delivery: Delivery, wake: &mut Wake);

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
        match (A::TABLE.kind, instance) {
            (Kind::Named | Kind::Pooled | Kind::Task, None) | (Kind::Unnamed, Some(_)) => Ok(()),
            (kind, _) => Err(called_wrongly(A::TABLE.name, kind, instance)),
        }
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

/// With the id of an instance that there cannot be, or without the one that has to be there.
fn called_wrongly(name: &str, kind: Kind, instance: Option<&str>) -> Error {
    let message = match (kind, instance.unwrap_or_default()) {
        (Kind::Named, id) => format!("`{name}` has one instance, but was called as `{id}`"),
        (Kind::Pooled | Kind::Task, id) => {
            format!("any member of `{name}` takes a call, but it was called as `{id}`")
        }
        (Kind::Unnamed, _) => format!(
            "`{name}` has an instance for each id; call the id, with `.reference(\"{name}\")`"
        ),
    };
    Error::new(ErrorKind::UnknownActor, message)
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

    fn offer(self: Arc<Self>, delivery: Delivery, wake: &mut Wake) {
        if let Some(router) = &self.router {
            return router.offer(delivery);
        }
        if const { !A::TABLE.hears() } {
            return;
        }
        let mut push = |cell: &Arc<Cell<A>>, delivery| {
            let has_to_run = cell.lane().offer(delivery);
            if has_to_run {
                wake.push(Arc::clone(cell) as _);
            }
        };
        match A::TABLE.kind {
            Kind::Named | Kind::Pooled | Kind::Task => push(&self.named(), delivery),
            // One that is passive catches up when it is activated.
            Kind::Unnamed if delivery.key().is_none() => self.feed(delivery, wake),
            Kind::Unnamed => {
                self.for_each_active(|cell| push(cell, delivery.clone()));
                self.wake_passive(&delivery);
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
            return router.has_had(head);
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
            if !cell.is_idle() || !cell.ask_lane(Lane::is_idle) {
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
        self.look_at_each(&mut look);
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
        self.forget_all();
        if const { A::TABLE.kind.is_shared() }
            && let Some(pool) = self.pool()
        {
            pool.close();
        }
    }
}
