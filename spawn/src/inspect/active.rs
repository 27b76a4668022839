//! Which actors are in memory.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use crate::actor::ActorId;
use crate::runtime::AnyCell;
use crate::store::Revision;
use crate::system::Core;

/// An actor with a state in memory; from [`System::active_actors`](crate::System::active_actors).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ActiveActor {
    /// Who it is. The members of a pool have the pool's name and their number: `crew/1`.
    pub id: ActorId,
    /// When it was activated, by the clock of the system.
    pub since: SystemTime,
    /// How many calls wait for it.
    pub waiting: usize,
    /// How many events wait for it in memory; more may be in the log.
    pub events: usize,
    /// Whether it handled something at that moment.
    pub is_busy: bool,
    /// The number of its state; `None` if it is not durable, and while it handles something.
    pub revision: Option<Revision>,
}

/// A page of active actors in the making, and how many there are.
pub(crate) struct ActivePage<'a> {
    after: Option<&'a ActorId>,
    limit: usize,
    found: BTreeMap<ActorId, Arc<dyn AnyCell>>,
    pub(crate) total: usize,
}

impl<'a> ActivePage<'a> {
    pub(crate) fn of(core: &Core, after: Option<&'a ActorId>, limit: usize) -> Self {
        let mut page = Self { after, limit, found: BTreeMap::new(), total: 0 };
        core.instances().for_each(|instances| instances.list_active(&mut page));
        page
    }

    /// Adds an actor, if it belongs to the page.
    pub(crate) fn add<C: AnyCell>(&mut self, cell: &Arc<C>) {
        self.total += 1;
        let id = cell.id();
        let is_full = self.found.len() >= self.limit;
        let is_before_last = self.found.last_key_value().is_some_and(|(last, _)| id < last);
        if self.after.is_some_and(|after| id <= after) || is_full && !is_before_last {
            return;
        }
        self.found.insert(id.clone(), Arc::clone(cell) as _);
        if is_full {
            self.found.pop_last();
        }
    }

    pub(crate) fn into_actors(self) -> Vec<ActiveActor> {
        self.found.into_values().map(AnyCell::look_at).collect()
    }
}
