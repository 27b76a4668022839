//! Putting a system together.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hashbrown::HashMap;

use super::external::External;
use super::list::ActorList;
use super::resources::Resources;
use super::shutdown;
use crate::actor::{Actor, ActorId};
use crate::channel::{ChannelOptions, Pattern};
use crate::definition::Definition;
use crate::error::Result;
use crate::retention::Limits;
use crate::runtime::Factory;
use crate::size::Sizes;
use crate::store::encryption::Layer;
use crate::store::{Memory, Store};
use crate::subscriber::Subscriber;

/// Puts a system together; from [`System::builder`](crate::System::builder).
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
    pub(super) name: String,
    /// The actors of the system, if it has not all of the program's.
    pub(super) members: Option<Vec<TypeId>>,
    /// Of type `Factory<A>`, by `A`.
    pub(super) factories: HashMap<TypeId, Box<dyn Any + Send>>,
    pub(super) resources: Resources,
    pub(super) externals: Vec<External>,
    pub(super) store: Option<Arc<dyn Store>>,
    pub(super) layer: Layer,
    pub(super) rules: Vec<(Result<Pattern>, ChannelOptions)>,
    pub(super) limits: Limits,
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
    /// [`ErrorKind::Activation`](crate::ErrorKind::Activation).
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
    /// A [start](SystemBuilder::start) fails with [`ErrorKind::Storage`](crate::ErrorKind::Storage), and
    /// [`EncryptionError`](crate::store::EncryptionError) as its [cause](crate::Error::cause), if the keys are not those of the data, or the data is
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
    /// left. [`System::subscriptions`](crate::System::subscriptions) lists those of actors that the program does not have any more, which lapse so as well.
    pub fn max_lag(mut self, max_lag: Duration) -> Self {
        self.limits.max_lag = max_lag;
        self
    }
}

impl fmt::Debug for SystemBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemBuilder").field("name", &self.name).finish_non_exhaustive()
    }
}
