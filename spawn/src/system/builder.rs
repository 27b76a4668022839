//! Putting a system together.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

use hashbrown::HashMap;

use super::core::Core;
use super::env::Env;
use super::external::External;
use super::recovery::Recovery;
use super::registry::{self, Faults, Registration};
use super::resources::Resources;
use super::shutdown;
use super::{System, list::ActorList};
use crate::actor::{Actor, ActorId, Kind};
use crate::channel::registry::Target;
use crate::channel::rules::Rules;
use crate::channel::{ChannelOptions, Pattern};
use crate::definition::{Definition, Entry};
use crate::delivery::Subscription;
use crate::error::{Error, ErrorKind, Result};
use crate::grammar;
use crate::introspect::Definitions;
use crate::retention::{self, Limits};
use crate::runtime::{AnyInstances, Factory, Wake, passivation};
use crate::schedule;
use crate::size::Sizes;
use crate::store::encryption::{self, Layer};
use crate::store::{
    Memory, NewSubscription, Opened, Store, StoreError, SubscriptionId, SubscriptionRow,
};
use crate::subscriber::Subscriber;

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
///     .in_memory()
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
    store: Option<Arc<dyn Store>>,
    layer: Layer,
    rules: Vec<(Result<Pattern>, ChannelOptions)>,
    limits: Limits,
    pub(super) sizes: Sizes,
    pub(super) shutdown_timeout: Duration,
}

impl SystemBuilder {
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            members: None,
            factories: HashMap::new(),
            resources: Resources::default(),
            externals: Vec::new(),
            store: None,
            layer: Layer::default(),
            rules: Vec::new(),
            limits: Limits::default(),
            sizes: Sizes::default(),
            shutdown_timeout: shutdown::TIMEOUT,
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
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// pub struct Prices { mug: i64 }
    ///
    /// # #[derive(Default)] pub struct Till;
    /// #[actor(stateful = false, name = "doc_till")]
    /// impl Till {
    ///     #[action]
    ///     fn total(&self, mugs: i64, prices: &Prices) -> i64 {
    ///         mugs * prices.mug
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// let builder = System::builder("shop").resource(Prices { mug: 700 });
    /// # let system = builder.in_memory().only::<(Till,)>().start().await?;
    /// assert_eq!(system.actor::<Till>().total(2).await?, 1_400);
    /// # Ok(()) }
    /// ```
    pub fn resource<T: Send + Sync + 'static>(mut self, resource: T) -> Self {
        self.resources.insert(resource);
        self
    }

    /// Registers an external subscriber. Each registration gets each event once. That its patterns are well formed is checked by
    /// [`start`](SystemBuilder::start).
    pub fn external_subscriber<S: Subscriber>(mut self, subscriber: S) -> Self {
        self.externals.push(External::new(subscriber));
        self
    }

    /// Says where the system's data lasts. Without it: where the environment variable `SPAWN_STORE` says (`memory`, or a
    /// directory, in which each system has one of its name), and else in `./spawn-data/<system>/`.
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// use spawn::store::Memory;
    ///
    /// # #[derive(Default)] pub struct Sitter;
    /// # #[actor(stateful = false, name = "doc_sitter")] impl Sitter { #[action] fn done(&self) {} }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// // With the feature `sqlite`: `Sqlite::at("/var/lib/shop")`.
    /// let memory = Memory::new();
    /// let system = System::builder("shop").store(memory.clone()).only::<(Sitter,)>().start().await?;
    /// # system.shutdown().await }
    /// ```
    pub fn store(mut self, store: impl Store) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Encrypts the system's data with AES-256-GCM: states, and messages with what travels along (see
    /// [`Encrypted`](crate::store::Encrypted)). Without it, the environment variable `SPAWN_STATESTORE_KEY` has the
    /// [keys](crate::store::Keys), if it is set and the data is not in memory alone.
    ///
    /// Needs the cargo feature `encryption`.
    ///
    /// # Errors
    /// A [start](SystemBuilder::start) fails with [`ErrorKind::Storage`], and
    /// [`EncryptionError`](crate::store::EncryptionError) as its [cause](Error::cause), if the keys are not those of the data, or the data is
    /// not encrypted. It is left as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// use spawn::store::Keys;
    ///
    /// # #[derive(Default)] pub struct Vault;
    /// # #[actor(stateful = false, name = "doc_vault")] impl Vault { #[action] fn done(&self) {} }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let keys: Keys = "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=".parse()?;
    /// let builder = System::builder("shop").encrypt(keys);
    /// # let system = builder.in_memory().only::<(Vault,)>().start().await?;
    /// # Ok(system.shutdown().await?) }
    /// ```
    #[cfg(feature = "encryption")]
    #[cfg_attr(docsrs, doc(cfg(feature = "encryption")))]
    pub fn encrypt(mut self, keys: impl crate::store::KeyProvider) -> Self {
        self.layer = Layer::new(keys);
        self
    }

    /// Keeps the system's data in memory: nothing of it is left when the system ends.
    pub fn in_memory(self) -> Self {
        self.store(Memory::new())
    }

    /// Says what the channels that `pattern` stands for promise. Of several patterns that match a channel the last counts; a
    /// channel without one is durable.
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// use spawn::ChannelOptions;
    ///
    /// let builder = System::builder("shop")
    ///     .channel("metrics.>", ChannelOptions::transient())
    ///     .channel("metrics.billing", ChannelOptions::durable());
    /// ```
    pub fn channel(
        mut self,
        pattern: impl Into<std::borrow::Cow<'static, str>>,
        options: ChannelOptions,
    ) -> Self {
        self.rules.push((Pattern::parse(pattern), options));
        self
    }

    /// How long an event stays in the log at least; a day without it, and what [`ChannelOptions::retention`] says for its channel. It
    /// stays longer if a durable subscriber has not had it, up to [`max_lag`](SystemBuilder::max_lag).
    ///
    /// Instances of an unnamed actor without routes may be passive for ever, and hold nothing: one that is activated after its events have
    /// left the log gets a [dead letter](crate::DeadLetter::missed) that says which it has missed.
    pub fn retention(mut self, retention: Duration) -> Self {
        self.limits.retention = retention;
        self
    }

    /// How long an event stays in the log for a durable subscriber that has not had it; seven days without it. After that the
    /// subscription has lapsed: what it has missed is a [dead letter](crate::DeadLetter::missed), and it goes on with the events that are
    /// left. [`System::subscriptions`] lists those of actors that the program does not have any more, which lapse so as well.
    pub fn max_lag(mut self, max_lag: Duration) -> Self {
        self.limits.max_lag = max_lag;
        self
    }

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
    pub async fn start(self) -> Result<System> {
        let Self {
            name,
            members,
            mut factories,
            resources,
            externals,
            store,
            layer,
            rules,
            limits,
            sizes,
            shutdown_timeout,
        } = self;
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
            registry::check_clause_names((actor.definition)(), &mut faults);
            check_actor(actor, &factories, &resources, &mut faults);
        }
        check_externals(&externals, &mut faults);
        let mut channel_rules = Rules::default();
        for (pattern, options) in rules {
            match pattern {
                Ok(pattern) => channel_rules.add(pattern, options),
                Err(error) => faults.add(format!("`.channel(..)`: {error}")),
            }
        }
        faults.into_result(&name)?;

        let store = store.map_or_else(|| default_store(&name), Ok)?;
        let store = layer.over(store)?;
        let opened = open(&store, &name).await?;
        let env = Arc::new(Env::new(
            name,
            resources,
            channel_rules,
            store,
            opened,
            sizes,
            shutdown_timeout,
        )?);
        let definitions: Vec<_> = actors.iter().map(|actor| (actor.definition)()).collect();
        let listeners = externals.iter().map(External::listener).collect();
        let wanted = wanted(&definitions, &externals);
        let registered = env.read(move |store| store.register(&wanted)).await;
        let registered = registered.inspect_err(|_| env.close())?;
        let recovery = Recovery::look(&env, &registered, &definitions).await;
        let core = Arc::new_cyclic(|core| {
            let install = |actor: &&Registration| {
                let type_id = (actor.definition)().type_id;
                let provided = factories.remove(&type_id);
                (type_id, (actor.install)(Arc::clone(&env), Weak::clone(core), provided))
            };
            let installed = actors.iter().map(install).collect();
            Core::new(
                Arc::clone(&env),
                installed,
                Definitions::new(definitions.clone()),
                listeners,
                recovery,
            )
        });
        tracing::info!(system = env.name, "starts: {}", core.recovery);
        tracing::info!(system = env.name, "{}", core.tree());
        for external in externals {
            external.connect(&env, &registered);
        }
        let mut wake = Wake::new();
        for definition in definitions {
            let instances = core.instances_by_name(definition.name())?;
            subscribe(&env, definition, &registered, &instances, &mut wake)?;
        }
        env.wake(wake);
        env.handle.spawn(retention::run(Arc::downgrade(&core), limits));
        schedule::load(&env).await?;
        env.handle.spawn(schedule::run(Arc::downgrade(&core), Arc::clone(&env)));
        for instances in core.instances() {
            Arc::clone(instances).run_timers();
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

fn check_externals(externals: &[External], faults: &mut Faults) {
    for external in externals {
        external.check(faults);
        let namesakes = externals.iter().filter(|it| it.durable == external.durable);
        if external.durable.is_some() && namesakes.count() > 1 {
            let name = external.durable.as_deref().unwrap_or_default();
            faults.add(format!("two external subscribers have the name of {name}"));
        }
    }
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

/// The store of a system that was not given one.
#[cfg_attr(
    feature = "sqlite",
    expect(clippy::unnecessary_wraps, reason = "without SQLite there may be none")
)]
fn default_store(system: &str) -> Result<Arc<dyn Store>> {
    let place = std::env::var_os("SPAWN_STORE").filter(|place| !place.is_empty());
    if place.as_deref() == Some(std::ffi::OsStr::new("memory")) {
        return Ok(Arc::new(Memory::new()));
    }
    #[cfg(feature = "sqlite")]
    return Ok(match place {
        Some(place) => {
            Arc::new(crate::store::Sqlite::at(std::path::Path::new(&place).join(system)))
        }
        None => Arc::new(crate::store::Sqlite::new()),
    });
    #[cfg(not(feature = "sqlite"))]
    Err(Error::new(
        ErrorKind::Storage,
        format!(
            "no place for the data of `{system}`: enable the feature `sqlite` of `spawn`, or give it one with `.store(..)` or \
             `.in_memory()`"
        ),
    ))
}

async fn open(store: &Arc<dyn Store>, system: &str) -> Result<Opened> {
    #[cfg(test)]
    if store.simulated().is_some() {
        return Ok(store.open(system)?);
    }
    let open = |store: &dyn Store, system: &str| {
        let opened = store.open(system)?;
        encryption::refuse_encrypted(store, system)?;
        Ok::<_, StoreError>(opened)
    };
    if store.is_immediate() {
        return Ok(open(&**store, system)?);
    }
    let (store, system) = (Arc::clone(store), system.to_owned());
    match tokio::task::spawn_blocking(move || open(&*store, &system)).await {
        Ok(opened) => Ok(opened?),
        Err(_) => Err(Error::stopped()),
    }
}

/// The subscriptions of all those whose place has to last.
fn wanted(definitions: &[&Definition], externals: &[External]) -> Vec<NewSubscription> {
    let lasts =
        |it: &&&Definition| it.kind() != Kind::Unnamed || it.is_stateful() || it.is_routed();
    let lasting = definitions.iter().filter(lasts);
    let mut wanted: Vec<_> = lasting
        .flat_map(|definition| {
            definition.entries().map(|entry| NewSubscription {
                subscriber: definition.name().to_owned(),
                pattern: entry.key.into_owned(),
                from_start: entry.from_start,
            })
        })
        .collect();
    wanted.extend(externals.iter().flat_map(External::subscriptions));
    wanted
}

fn subscribe(
    env: &Env,
    definition: &Definition,
    registered: &[SubscriptionRow],
    instances: &Arc<dyn AnyInstances>,
    wake: &mut Wake,
) -> Result<()> {
    let row_of = |entry: &Entry| {
        registered
            .iter()
            .find(|row| row.subscriber == definition.name() && row.pattern == entry.key)
    };
    let mut entries: Vec<_> = definition.entries().map(|entry| (row_of(&entry), entry)).collect();
    // An event is offered to them in the order in which the cursor passes them, which is not the one in which they are written
    // once the program has changed.
    entries.sort_by_key(|(row, _)| row.map_or(SubscriptionId::default(), |row| row.id));
    let mut lasting = Vec::new();
    for (row, Entry { pattern, action, wake_eagerly, .. }) in entries {
        let id = row.map_or(SubscriptionId::default(), |row| row.id);
        let pattern = Pattern::parse(pattern)?;
        if let Some(row) = row {
            let mut subscription = Subscription::new(row, pattern.clone(), action);
            subscription.wakes_eagerly = wake_eagerly;
            lasting.push(subscription);
        }
        let instances = Arc::clone(instances);
        env.channels.subscribe(&pattern, Target::Actor { instances, action, subscription: id });
    }
    Arc::clone(instances).subscribe(lasting.into(), wake);
    Ok(())
}

impl fmt::Debug for SystemBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemBuilder").field("name", &self.name).finish_non_exhaustive()
    }
}
