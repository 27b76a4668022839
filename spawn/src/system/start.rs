//! Starting a system.

use std::any::{Any, TypeId};
use std::mem;
use std::sync::{Arc, Weak};

use hashbrown::HashMap;

use super::core::Core;
use super::env::{Env, Settings};
use super::external::External;
use super::recovery::Recovery;
use super::registry::{self, Faults, Registration};
use super::resources::Resources;
use super::{System, SystemBuilder, data, subscriptions};
use crate::channel::rules::Rules;
use crate::dead_letter;
use crate::error::{Error, ErrorKind, Result};
use crate::grammar;
use crate::introspect::Definitions;
use crate::observe::{self, Meters};
use crate::retention::{self, Limits};
use crate::runtime::passivation;
use crate::schedule;

impl SystemBuilder {
    /// Starts the system: checks all definitions, registers all subscriptions, and accepts messages from then on.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`] if the name of the system is not one; [`ErrorKind::Definition`] with everything that is wrong
    /// with the definitions: two actors or two messages of one name, an actor that cannot be made, a resource that is missing,
    /// a pattern of an external subscriber that is not well formed, no actor at all; [`ErrorKind::Storage`] if the data is in use
    /// by another process, or cannot be opened.
    ///
    /// # Cancel safety
    /// A start that is dropped may have opened the store, which is closed again, and registered subscriptions, which stay.
    ///
    /// # Panics
    /// Outside of a Tokio runtime; the tasks of the system run on the one in which it is started.
    pub async fn start(mut self) -> Result<System> {
        let actors = self.choose();
        let rules = self.check(&actors)?;
        let Self {
            name,
            mut factories,
            resources,
            externals,
            store,
            layer,
            limits,
            sizes,
            shutdown_timeout,
            ..
        } = self;
        let store = store.map_or_else(|| data::default_store(&name), Ok)?;
        let store = layer.over(store)?;
        let opened = data::open(&store, &name).await?;
        let definitions: Vec<_> = actors.iter().map(|actor| (actor.definition)()).collect();
        let subscribers = definitions.iter().map(|definition| definition.name());
        let meters = Meters::new(&name, subscribers.chain(externals.iter().map(External::label)));
        let settings = Settings { name, resources, rules, sizes, shutdown_timeout };
        let env = Arc::new(Env::new(settings, store, opened, meters)?);
        let listeners = externals.iter().map(External::listener).collect();
        let wanted = subscriptions::wanted(&definitions, &externals);
        let registered = subscriptions::register(&env, wanted).await;
        let registered = registered.inspect_err(|_| env.close())?;
        let recovery = Recovery::look(&env, &registered, &definitions).await;
        let core = Arc::new_cyclic(|core| {
            let install = |actor: &&Registration| {
                let type_id = (actor.definition)().type_id;
                let provided = factories.remove(&type_id);
                (type_id, (actor.install)(Arc::clone(&env), Weak::clone(core), provided))
            };
            let installed = actors.iter().map(install).collect();
            let all = Definitions::new(definitions.clone());
            Core::new(Arc::clone(&env), installed, all, listeners, recovery)
        });
        if core.recovery.is_known() {
            tracing::info!(system = env.name, "starts: {}", core.recovery);
        } else {
            tracing::warn!(system = env.name, "starts: {}", core.recovery);
        }
        tracing::info!(system = env.name, "{}", core.tree());
        for external in externals {
            external.connect(&env, &registered);
        }
        subscriptions::begin(&core, definitions, &registered)?;
        run(&core, limits).await?;
        Ok(System::from_core(Some(core)))
    }

    /// The registrations of the system's actors.
    fn choose(&self) -> Vec<&'static Registration> {
        let mut actors = registry::registered();
        if let Some(members) = &self.members {
            actors.retain(|actor| members.contains(&(actor.definition)().type_id));
        }
        actors
    }

    /// Looks at everything that can be wrong with the program.
    fn check(&mut self, actors: &[&'static Registration]) -> Result<Rules> {
        let Self { name, members, factories, resources, externals, rules, .. } = self;
        if let Err(fault) = grammar::check_actor_name(name) {
            let message = format!("the system name {name:?} {fault}");
            return Err(Error::new(ErrorKind::InvalidName, message));
        }
        let mut faults = Faults::default();
        if actors.is_empty() && members.is_none() {
            faults.add(
                "the program has no actor; if they are in a library that is never named, it is not linked: \
                 write `use my_actors as _;`",
            );
        }
        registry::check_actor_names(actors, &mut faults);
        registry::check_message_names(&mut faults);
        for actor in actors {
            registry::check_clause_names((actor.definition)(), &mut faults);
            check_actor(actor, factories, resources, &mut faults);
        }
        for external in &*externals {
            external.check(&mut faults);
            let namesakes = externals.iter().filter(|it| it.durable == external.durable);
            if external.durable.is_some() && namesakes.count() > 1 {
                let name = external.durable.as_deref().unwrap_or_default();
                faults.add(format!("two external subscribers have the name of {name}"));
            }
        }
        let mut checked = Rules::default();
        for (pattern, options) in mem::take(rules) {
            match pattern {
                Ok(pattern) => checked.add(pattern, options),
                Err(error) => faults.add(format!("`.channel(..)`: {error}")),
            }
        }
        faults.into_result(name)?;
        Ok(checked)
    }
}

/// Lets everything run that runs by itself.
async fn run(core: &Arc<Core>, limits: Limits) -> Result<()> {
    let env = &core.env;
    env.handle.spawn(retention::run(Arc::downgrade(core), limits));
    schedule::load(env).await?;
    env.handle.spawn(schedule::run(Arc::downgrade(core), Arc::clone(env)));
    env.spawn(dead_letter::replay_asked(Arc::downgrade(core), Arc::clone(env)));
    for instances in core.instances() {
        Arc::clone(instances).run_timers();
    }
    if let Some(shortest) = core.instances().map(|all| all.deactivate_timeout()).min() {
        env.handle.spawn(passivation::run(Arc::downgrade(core), shortest));
    }
    if env.meters.is_some() {
        env.handle.spawn(observe::sample::run(Arc::downgrade(core)));
    }
    Ok(())
}

fn check_actor(
    actor: &Registration,
    factories: &HashMap<TypeId, Box<dyn Any + Send>>,
    resources: &Resources,
    faults: &mut Faults,
) {
    let definition = (actor.definition)();
    if !actor.has_default && !factories.contains_key(&definition.type_id) {
        faults.add(format!(
            "the actor `{}` cannot be made: implement `Default` for {} ({}), or say how with `.provide(..)`",
            definition.name(),
            definition.type_name(),
            definition.location(),
        ));
    }
    for resource in definition.resources {
        if resource.is_resource && !resources.has(resource.type_id) {
            faults.add(format!(
                "the action `{}` of the actor `{}` ({}) borrows a {}, which was not given with `.resource(..)`",
                resource.action,
                definition.name(),
                definition.location(),
                (resource.type_name)(),
            ));
        }
    }
}
