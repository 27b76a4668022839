//! A running system.

use std::any::{Any, TypeId};
use std::sync::Arc;

use hashbrown::HashMap;

use super::env::Env;
use super::recovery::Recovery;
use crate::actor::Actor;
use crate::error::{Error, ErrorKind, Result};
use crate::introspect::{Definitions, Listener, Tree};
use crate::runtime::{AnyInstances, Census, Instances};
use crate::suggest;

/// The actors of a system, and what they share. The system ends with the last handle to it.
pub(crate) struct Core {
    pub(crate) env: Arc<Env>,
    /// In the order of their names.
    all: Box<[Arc<dyn AnyInstances>]>,
    by_type: HashMap<TypeId, Arc<dyn AnyInstances>>,
    by_name: HashMap<&'static str, Arc<dyn AnyInstances>>,
    pub(crate) definitions: Definitions,
    /// The external subscribers.
    pub(crate) listeners: Vec<Listener>,
    /// What was in the store at the start.
    pub(super) recovery: Recovery,
}

impl Core {
    pub(super) fn new(
        env: Arc<Env>,
        all: Vec<(TypeId, Arc<dyn AnyInstances>)>,
        definitions: Definitions,
        listeners: Vec<Listener>,
        recovery: Recovery,
    ) -> Self {
        let by_name =
            all.iter().map(|(_, instances)| (instances.name(), Arc::clone(instances))).collect();
        let mut in_order: Box<[_]> = all.iter().map(|(_, it)| Arc::clone(it)).collect();
        in_order.sort_by_key(|instances| instances.name());
        Self {
            env,
            all: in_order,
            by_type: all.into_iter().collect(),
            by_name,
            definitions,
            listeners,
            recovery,
        }
    }

    pub(super) fn tree(&self) -> Tree {
        let (name, store) = (self.env.name.clone(), self.env.store.place().into_owned());
        Tree::new(name, store, self.definitions.clone(), self.listeners.clone())
    }

    pub(crate) fn instances(&self) -> impl Iterator<Item = &Arc<dyn AnyInstances>> {
        self.all.iter()
    }

    /// The instances of the actor `A`.
    pub(crate) fn instances_of<A: Actor>(&self) -> Result<Arc<Instances<A>>> {
        self.by_type
            .get(&TypeId::of::<A>())
            .and_then(|instances| {
                (Arc::clone(instances) as Arc<dyn Any + Send + Sync>).downcast().ok()
            })
            .ok_or_else(|| self.unknown(A::TABLE.name))
    }

    /// The instances of the actor `name`.
    pub(crate) fn instances_by_name(&self, name: &str) -> Result<Arc<dyn AnyInstances>> {
        self.find_instances(name).map(Arc::clone).ok_or_else(|| self.unknown(name))
    }

    /// The instances of the actor `name`, if there is such an actor; where there may well be none.
    pub(crate) fn find_instances(&self, name: &str) -> Option<&Arc<dyn AnyInstances>> {
        self.by_name.get(name)
    }

    fn unknown(&self, name: &str) -> Error {
        let known = self.by_name.keys().copied();
        let hint = suggest::nearest(name, known)
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default();
        let message = format!("the system `{}` has no actor `{name}`{hint}", self.env.name);
        Error::new(ErrorKind::UnknownActor, message)
    }

    /// What all actors and external subscribers do at this moment.
    pub(crate) fn census(&self) -> Census {
        let mut census = Census::default();
        self.instances().for_each(|instances| instances.observe(&mut census));
        census.busy += self.env.left.count();
        census.busy += usize::from(!self.env.pipeline.is_idle());
        census.busy += usize::from(!self.env.schedule.is_idle(self.env.clock.now()));
        census.busy += self.env.externals.lock().iter().filter(|queue| !queue.is_idle()).count();
        census.busy += self.env.readers.lock().iter().filter(|reader| !reader.is_idle()).count();
        census
    }

    /// Ends everything that is left: streams end, actors are forgotten.
    pub(crate) fn close(&self) {
        self.env.stop();
        self.env.channels.clear();
        // Who is woken must not find the lock taken.
        let externals = std::mem::take(&mut *self.env.externals.lock());
        for queue in externals {
            queue.close();
        }
        let readers = std::mem::take(&mut *self.env.readers.lock());
        for reader in readers {
            reader.close();
        }
        // What is submitted now is written before the pipeline closes.
        self.instances().for_each(|instances| instances.save_deferred());
        self.instances().for_each(|instances| instances.clear());
        self.env.close();
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.close();
    }
}
