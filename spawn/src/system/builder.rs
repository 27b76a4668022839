//! Putting a system together.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::{Arc, Weak};

use hashbrown::HashMap;
use tokio::runtime::Handle;

use super::core::Core;
use super::env::Env;
use super::registry::{self, Faults, Registration};
use super::resources::Resources;
use super::{System, list::ActorList};
use crate::actor::{Actor, ActorId};
use crate::channel::Pattern;
use crate::channel::registry::Target;
use crate::definition::Definition;
use crate::error::{Error, ErrorKind, Result};
use crate::grammar;
use crate::runtime::{AnyInstances, Factory, passivation};
use crate::stream::EventQueue;
use crate::subscriber::{self, Subscriber};

/// Puts a system together; from [`System::builder`].
///
/// # Examples
///
/// ```
/// use spawn::prelude::*;
///
/// pub struct Mailer { from: String }
///
/// #[actor(stateful = false)]
/// impl Mailer {
///     #[action]
///     fn sender(&self) -> String { self.from.clone() }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// let system = System::builder("shop")
///     .only::<(Mailer,)>()
///     .provide(|_id| Mailer { from: "shop@example.org".to_owned() })
///     .start()
///     .await?;
/// assert_eq!(system.actor::<Mailer>().sender().await?, "shop@example.org");
/// system.shutdown().await
/// # }
/// ```
#[must_use = "a system runs after `start`"]
pub struct SystemBuilder {
    name: String,
    /// The actors of the system, if it has not all of the program's.
    members: Option<Vec<TypeId>>,
    /// Of type `Factory<A>`, by `A`.
    factories: HashMap<TypeId, Box<dyn Any + Send>>,
    resources: Resources,
    externals: Vec<External>,
}

/// An external subscriber that waits for the start.
struct External {
    name: &'static str,
    patterns: Result<Vec<Pattern>>,
    run: Supervise,
}

/// Spawns the task that hands events to a subscriber.
type Supervise = Box<dyn FnOnce(&Handle, Arc<EventQueue>) + Send>;

impl SystemBuilder {
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            members: None,
            factories: HashMap::new(),
            resources: Resources::default(),
            externals: Vec::new(),
        }
    }

    /// Restricts the system to the actors of these definitions; called again, it adds. Without it, the system has every actor
    /// of the program.
    pub fn actors(mut self, definitions: impl IntoIterator<Item = &'static Definition>) -> Self {
        let members = definitions.into_iter().map(|definition| definition.type_id);
        self.members.get_or_insert_default().extend(members);
        self
    }

    /// Restricts the system to the actors of a tuple, as in `only::<(OrderProcessor, EmailService)>()`; called again, it adds.
    pub fn only<L: ActorList>(self) -> Self {
        self.actors(L::definitions())
    }

    /// Says how the state of the actor `A` is made where `Default` is not enough. `make` gets the id of the instance; given again
    /// for the same actor, the last one counts.
    ///
    /// An actor that is not durable is made so at each activation. A durable one is made so before it has a saved state; after
    /// that the saved state is loaded. If `make` panics, the call that activated the actor fails with
    /// [`ErrorKind::Activation`].
    pub fn provide<A: Actor>(
        mut self,
        make: impl Fn(&ActorId) -> A + Send + Sync + 'static,
    ) -> Self {
        let make: Factory<A> = Box::new(make);
        self.factories.insert(TypeId::of::<A>(), Box::new(make));
        self
    }

    /// Gives a value that actions can borrow with a parameter of type `&T`. There is one of each type; a second one replaces the
    /// first.
    pub fn resource<T: Send + Sync + 'static>(mut self, resource: T) -> Self {
        self.resources.insert(resource);
        self
    }

    /// Registers an external subscriber. Each registration gets each event once. That its patterns are well formed is checked by
    /// [`start`](SystemBuilder::start).
    pub fn external_subscriber<S: Subscriber>(mut self, subscriber: S) -> Self {
        self.externals.push(External {
            name: std::any::type_name::<S>(),
            patterns: subscriber::patterns(&subscriber),
            run: Box::new(|handle, queue| {
                handle.spawn(subscriber::supervise(subscriber, queue));
            }),
        });
        self
    }

    /// Starts the system: checks all definitions, registers all subscriptions, and accepts messages from then on.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`] if the name of the system is not one; [`ErrorKind::Definition`] with everything that is wrong
    /// with the definitions: two actors or two messages of one name, an actor that cannot be made, a resource that is missing,
    /// a pattern of an external subscriber that is not well formed, no actor at all.
    ///
    /// # Cancel safety
    /// In this version it waits for nothing: it is done when it was first polled.
    ///
    /// # Panics
    /// Outside of a Tokio runtime; the tasks of the system run on the one in which it is started.
    #[expect(clippy::unused_async, reason = "a start that opens a store waits for it")]
    pub async fn start(self) -> Result<System> {
        let Self { name, members, mut factories, resources, externals } = self;
        if let Err(fault) = grammar::check_actor_name(&name) {
            let message = format!("the system name {name:?} {fault}");
            return Err(Error::new(ErrorKind::InvalidName, message));
        }
        let actors = choose(members.as_deref());
        let mut faults = Faults::default();
        if actors.is_empty() && members.is_none() {
            faults.add(
                "the program has no actor; if they are in a library that is never named, it is not linked: \
                 write `use my_actors as _;`",
            );
        }
        registry::check_actor_names(&actors, &mut faults);
        registry::check_message_names(&mut faults);
        for actor in &actors {
            check_actor(actor, &factories, &resources, &mut faults);
        }
        for external in &externals {
            if let Err(error) = &external.patterns {
                faults.add(format!("the external subscriber {}: {error}", external.name));
            }
        }
        faults.into_result(&name)?;

        let env = Arc::new(Env::new(name, Handle::current(), resources));
        for external in externals {
            let queue = Arc::new(EventQueue::default());
            env.channels.subscribe_queue(&external.patterns?, &queue);
            env.externals.lock().push(Arc::clone(&queue));
            (external.run)(&env.handle, queue);
        }
        let core = Arc::new_cyclic(|core| {
            let install = |actor: &&Registration| {
                let type_id = (actor.definition)().type_id;
                let provided = factories.remove(&type_id);
                (type_id, (actor.install)(Arc::clone(&env), Weak::clone(core), provided))
            };
            Core::new(Arc::clone(&env), actors.iter().map(install).collect())
        });
        for definition in actors.iter().map(|actor| (actor.definition)()) {
            subscribe(&env, definition, &core.instances_by_name(definition.name())?)?;
        }
        if let Some(shortest) = core.instances().map(|all| all.deactivate_timeout()).min() {
            env.handle.spawn(passivation::run(Arc::downgrade(&core), shortest));
        }
        Ok(System::from_core(Some(core)))
    }
}

/// The registrations of the system's actors.
fn choose(members: Option<&[TypeId]>) -> Vec<&'static Registration> {
    let mut actors = registry::registered();
    if let Some(members) = members {
        actors.retain(|actor| members.contains(&(actor.definition)().type_id));
    }
    actors
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

fn subscribe(env: &Env, definition: &Definition, instances: &Arc<dyn AnyInstances>) -> Result<()> {
    for (pattern, action) in definition.entries() {
        let target = Target::Actor { instances: Arc::clone(instances), action };
        env.channels.subscribe(&Pattern::parse(pattern)?, target);
    }
    Ok(())
}

impl fmt::Debug for SystemBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemBuilder").field("name", &self.name).finish_non_exhaustive()
    }
}
