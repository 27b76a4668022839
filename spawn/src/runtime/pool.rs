//! A pool: members without a state that lasts, of which any one takes a message.
//!
//! Callers address the *front*, the cell with the pool's name. It bounds how many calls may wait, and what waits stands in one queue
//! for all members, so that nothing waits behind a member that is slow while another one is idle. A member is claimed through the
//! pool only, and given back to it; one that is idle is the pool's to give out.
//!
//! Calls with an idempotency key are run by the front itself, one after the other: the answer to the first one is there when
//! the second one is looked at.
//!
//! A task actor is a pool whose members have a state for one message each.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use parking_lot::Mutex;

use super::any_instances::Tick;
use super::cell::{ActorClaim, Body, Cell, Shared};
use super::claim::{Envelope, Guarded};
use super::instances::Instances;
use super::passivation;
use super::waiting::Wait;
use crate::actor::{Actor, ActorId, Kind};
use crate::client::Origin;
use crate::error::Result;

/// How many messages a task actor handles at once, if it does not say.
const TASKS: u32 = 256;

/// The members of an actor, and what waits for one of them.
pub(super) struct Pool<A: Actor> {
    /// How many members stay.
    least: usize,
    /// How many members there may be.
    most: usize,
    /// Whom a call waits for that waits for any one of them.
    any: ActorId,
    state: Mutex<State<A>>,
}

struct State<A: Actor> {
    /// Each at the place that its id says.
    members: Vec<Option<Arc<Cell<A>>>>,
    /// The members that nobody has claimed, the one that was used last at the end.
    idle: Vec<Arc<Cell<A>>>,
    /// What waits, the oldest first; nothing does while a member is idle.
    waiting: VecDeque<Envelope<ActorClaim<A>>>,
    is_closed: bool,
}

impl<A: Actor> Pool<A> {
    /// `None` if each message is for a certain instance.
    pub(super) fn boxed() -> Option<Box<dyn Any + Send + Sync>> {
        if const { !A::TABLE.kind.is_shared() } {
            return None;
        }
        let most = match A::TABLE.kind {
            Kind::Named | Kind::Unnamed => return None,
            Kind::Task => A::TABLE.max_pool_size.unwrap_or(TASKS) as usize,
            Kind::Pooled => A::TABLE.max_pool_size.map_or_else(cores, |most| most as usize),
        };
        let least = if A::TABLE.kind == Kind::Task { 0 } else { A::TABLE.min_pool_size as usize };
        let state = State {
            members: Vec::new(),
            idle: Vec::new(),
            waiting: VecDeque::new(),
            is_closed: false,
        };
        let any = ActorId::unnamed(A::TABLE.name, "*");
        Some(Box::new(Self { least, most: most.max(least), any, state: Mutex::new(state) }))
    }

    /// How many members there may be.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// The claim on a member, if one is idle or there may be one more.
    fn claim(&self, instances: &Arc<Instances<A>>) -> Option<ActorClaim<A>> {
        self.state.lock().claim(self.most, instances)
    }

    /// Leaves a message for the next member that is idle, or gives it back with the claim on one that is.
    fn send(
        &self,
        instances: &Arc<Instances<A>>,
        envelope: Envelope<ActorClaim<A>>,
    ) -> Option<(ActorClaim<A>, Envelope<ActorClaim<A>>)> {
        let mut state = self.state.lock();
        if let Some(claim) = state.claim(self.most, instances) {
            return Some((claim, envelope));
        }
        if state.is_closed {
            // Whoever waits for it is told when it is dropped, and may do anything then.
            drop(state);
            drop(envelope);
        } else {
            state.waiting.push_back(envelope);
        }
        None
    }

    /// Takes a member back, unless something waits: then the member has it in its mailbox, and keeps the claim.
    fn give_back(&self, claim: ActorClaim<A>) -> std::result::Result<(), ActorClaim<A>> {
        let mut state = self.state.lock();
        if let Some(envelope) = state.waiting.pop_front() {
            drop(state);
            claim.push(envelope);
            return Err(claim);
        }
        let cell = claim.release_alone()?;
        if !state.is_closed {
            state.idle.push(cell);
        }
        Ok(())
    }

    /// Lets members go that were idle for long enough, those that were used last the last.
    pub(super) fn sweep(&self, tick: Tick, timeout: Duration) {
        let mut leaving = Vec::new();
        {
            let mut state = self.state.lock();
            let mut spare = state.size().saturating_sub(self.least);
            state.idle.retain(|cell| {
                let leaves = passivation::is_due(cell, tick, timeout) && spare > 0;
                if leaves {
                    spare -= 1;
                    leaving.push(Arc::clone(cell));
                }
                !leaves
            });
        }
        for cell in leaving {
            // It is not among the idle ones any more, so that nobody else claims it.
            let Ok(mut claim) = ActorClaim::try_new(cell) else { continue };
            if claim.shared().has_unsaved() {
                claim.release();
                continue;
            }
            claim.drop_state();
            claim.count_passivation();
            let mut state = self.state.lock();
            let place = state
                .members
                .iter_mut()
                .find(|it| it.as_ref().is_some_and(|member| Arc::ptr_eq(member, claim.cell())));
            if let Some(place) = place {
                *place = None;
            }
        }
    }

    /// All members.
    pub(super) fn members(&self) -> Vec<Arc<Cell<A>>> {
        self.state.lock().members.iter().flatten().map(Arc::clone).collect()
    }

    /// Lets go of everything; what waits is refused.
    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        state.is_closed = true;
        let members = std::mem::take(&mut state.members);
        let idle = std::mem::take(&mut state.idle);
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        drop((members, idle, waiting));
    }
}

impl<A: Actor> State<A> {
    fn size(&self) -> usize {
        self.members.iter().flatten().count()
    }

    fn claim(&mut self, most: usize, instances: &Arc<Instances<A>>) -> Option<ActorClaim<A>> {
        while let Some(cell) = self.idle.pop() {
            match ActorClaim::try_new(cell) {
                Ok(claim) => return Some(claim),
                Err(_) => debug_assert!(false, "a member is claimed through its pool only"),
            }
        }
        if self.is_closed {
            return None;
        }
        let place = match self.members.iter().position(Option::is_none) {
            Some(place) => place,
            None if self.members.len() < most => {
                self.members.push(None);
                self.members.len() - 1
            }
            None => return None,
        };
        let cell =
            Guarded::new(Shared::new(member::<A>(place), Arc::clone(instances)), Body::passive());
        self.members[place] = Some(Arc::clone(&cell));
        ActorClaim::try_new(cell).ok()
    }
}

/// The id of the member at a place.
fn member<A: Actor>(place: usize) -> ActorId {
    ActorId::unnamed(A::TABLE.name, &(place + 1).to_string())
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

impl<A: Actor> ActorClaim<A> {
    /// The claim that a message for `cell` is run with, if it can be had at once.
    pub(crate) fn of(
        cell: Arc<Cell<A>>,
        is_keyed: bool,
    ) -> std::result::Result<Self, Arc<Cell<A>>> {
        if const { A::TABLE.kind.is_shared() }
            && !is_keyed
            && let Some(pool) = cell.pool()
        {
            return pool.claim(&cell.instances).ok_or(cell);
        }
        Self::try_soon(cell)
    }

    /// Gives the claim back, or keeps it if something waits that is in the actor's own mailbox then.
    pub(super) fn give_back(mut self) -> std::result::Result<(), Self> {
        if const { matches!(A::TABLE.kind, Kind::Task) } {
            self.drop_state();
        }
        if const { !A::TABLE.kind.is_shared() } {
            return self.release_alone().map(drop);
        }
        let cell = Arc::clone(self.cell());
        match cell.instances.pool() {
            Some(pool) if cell.is_member() => pool.give_back(self),
            _ => self.release_alone().map(drop),
        }
    }

    /// A call has left the mailbox.
    pub(super) fn vacate(&self) {
        let cell = self.cell();
        if cell.is_member() {
            if let Some(front) = cell.instances.existing("") {
                front.vacate();
            }
        } else {
            cell.vacate();
        }
    }

    /// Who waited for any member waits for this one from here on.
    pub(crate) fn take_over(&self, wait: Option<&mut Wait>) {
        if let Some(wait) = wait.filter(|_| self.cell().is_member()) {
            wait.redirect(&self.cell().id);
        }
    }
}

impl<A: Actor> Cell<A> {
    /// The pool that this is the front of.
    fn pool(&self) -> Option<&Pool<A>> {
        self.instances.pool().filter(|_| self.is_front())
    }

    /// Whether this is what callers address.
    fn is_front(&self) -> bool {
        self.id.instance().is_none()
    }

    fn is_member(&self) -> bool {
        self.instances.pool().is_some() && !self.is_front()
    }

    /// Notes that an action waits for this actor.
    ///
    /// # Errors
    /// As for [`Wait::begin`].
    pub(crate) fn begin_wait(
        &self,
        origin: Option<&Arc<Origin>>,
        is_keyed: bool,
    ) -> Result<Option<Wait>> {
        if const { A::TABLE.kind.is_shared() }
            && !is_keyed
            && let Some(pool) = self.pool()
        {
            let members = || (0..pool.most).map(member::<A>).collect();
            return Wait::begin_for_any(origin, &pool.any, members);
        }
        Wait::begin(origin, &self.id)
    }

    /// Leaves a message, or gives it back with the claim that it is run with.
    pub(crate) fn leave(
        self: &Arc<Self>,
        envelope: Envelope<ActorClaim<A>>,
        is_keyed: bool,
    ) -> Option<(ActorClaim<A>, Envelope<ActorClaim<A>>)> {
        if const { A::TABLE.kind.is_shared() }
            && !is_keyed
            && let Some(pool) = self.pool()
        {
            return pool.send(&self.instances, envelope);
        }
        ActorClaim::send(self, envelope)
    }
}
