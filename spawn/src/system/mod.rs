//! Systems: actors, channels, and how they come together.

mod builder;
mod core;
mod data;
mod env;
mod external;
mod list;
mod recovery;
mod registry;
mod resources;
mod save;
mod shutdown;
#[cfg(feature = "signal")]
mod signal;
mod sizes;
mod start;
mod subscriptions;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use self::builder::SystemBuilder;
pub(crate) use self::core::Core;
pub(crate) use self::env::Env;
pub use self::list::ActorList;
pub use self::recovery::{Behind, Recovery};
pub use self::registry::{MessageRegistration, Registration};
pub use self::shutdown::{Shutdown, Unfinished};
use crate::actor::{Actor, ActorId, ById, ByName};
use crate::channel::Pattern;
use crate::client::{ActorRef, Client, Origin, Unreachable};
use crate::dead_letter::DeadLetters;
use crate::error::{Error, ErrorKind, Result};
use crate::find::Find;
use crate::flow::Broadcast;
use crate::group::Group;
use crate::introspect::{Definitions, Topology, Tree};
use crate::invocation::Invocation;
use crate::parcel::{IntoParcel, Parcel};
use crate::restore::SpawnActor;
use crate::runtime::{AnyInstances, inside};
use crate::store::{CallId, Commit, Consumed, RevisionRow, SubscriptionId, SubscriptionRow};
use crate::stream::{EventQueue, EventStream};

/// A running system of actors and channels.
///
/// It is a handle: a clone is cheap and is the same system. The system lives until [`shutdown`](System::shutdown), or until the
/// last handle is gone, which does not wait for what is in flight; calls that come later are answered with
/// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped). Several systems can live in one process and see nothing of each other.
/// # Examples
///
/// ```
/// use spawn::prelude::*;
///
/// # #[derive(Default)] pub struct Greeter;
/// #[actor(stateful = false, name = "doc_greeter")]
/// impl Greeter {
///     #[action]
///     fn greet(&self, name: String) -> String {
///         format!("hello {name}")
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// let system = System::builder("doc")
///     .in_memory() // without it, the data is in ./spawn-data/doc
///     .only::<(Greeter,)>() // without it, all actors of the program
///     .start()
///     .await?;
/// assert_eq!(system.actor::<Greeter>().greet("Ann".to_owned()).await?, "hello Ann");
/// system.shutdown().await
/// # }
/// ```
#[derive(Clone)]
pub struct System(Option<Arc<Core>>);

impl System {
    /// Begins to put a system together. Its name, for errors and logs, is 1 to 128 bytes of `A-Z a-z 0-9 _ - .`, which
    /// [`start`](SystemBuilder::start) checks.
    pub fn builder(name: impl Into<String>) -> SystemBuilder {
        SystemBuilder::new(name.into())
    }

    pub(crate) fn from_core(core: Option<Arc<Core>>) -> Self {
        Self(core)
    }

    pub(crate) fn core(&self) -> Result<&Arc<Core>> {
        self.0.as_ref().ok_or_else(Error::stopped)
    }

    /// The name; empty if the system is gone.
    pub fn name(&self) -> &str {
        self.0.as_ref().map_or("", |core| &core.env.name)
    }

    /// A client of the actor `A`, which is activated when it is first called.
    ///
    /// If the system has no such actor, the calls fail with [`ErrorKind::UnknownActor`](crate::ErrorKind::UnknownActor).
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Adder;
    /// #[actor(stateful = false, name = "doc_adder")]
    /// impl Adder {
    ///     #[action]
    ///     fn double(&self, number: i64) -> i64 {
    ///         2 * number
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Adder,)>().start().await?;
    /// let adder = system.actor::<Adder>();
    /// assert_eq!(adder.double(21).await?, 42);
    /// # Ok(()) }
    /// ```
    pub fn actor<A: ByName>(&self) -> Client<A> {
        let target = self.core().and_then(|core| Ok(core.instances_of::<A>()?.named()));
        ActorRef::<A>::new(target.map_err(Unreachable::from), None).into()
    }

    /// A client of the instance `id` of the actor `A`, which is activated when it is first called.
    ///
    /// An id is 1 to 512 bytes of text without control characters; the calls of another one fail with
    /// [`ErrorKind::InvalidName`](crate::ErrorKind::InvalidName).
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Room { guests: i64 }
    /// #[actor(kind = unnamed, stateful = false, name = "doc_room")]
    /// impl Room {
    ///     #[action]
    ///     fn enter(&mut self) -> i64 {
    ///         self.guests += 1;
    ///         self.guests
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Room,)>().start().await?;
    /// system.actor_by_id::<Room>("blue").enter().await?;
    /// assert_eq!(system.actor_by_id::<Room>("blue").enter().await?, 2);
    /// assert_eq!(system.actor_by_id::<Room>("red").enter().await?, 1);
    /// # Ok(()) }
    /// ```
    pub fn actor_by_id<A: ById>(&self, id: impl AsRef<str>) -> Client<A> {
        let target = self.core().and_then(|core| core.instances_of::<A>()?.unnamed(id.as_ref()));
        ActorRef::<A>::new(target.map_err(Unreachable::from), None).into()
    }

    /// Activates the instance `id` of the actor `A`, with the state as it was at an earlier
    /// [`revision`](SpawnActor::revision) if that is wanted, and gives its client. The id of a named actor is its name.
    ///
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[message(name = "shop.Cart")] pub struct Cart { count: i64 }
    /// # #[actor(kind = unnamed)] impl Cart { #[action] fn add(&mut self, by: i64) -> i64 { self.count += by; self.count } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("shop").in_memory().only::<(Cart,)>().start().await?;
    /// let cart = system.actor_by_id::<Cart>("user-42");
    /// cart.add(1).await?;
    /// cart.add(1_000_000).await?;
    /// let cart = system.spawn_actor::<Cart>("user-42").revision(1).await?;
    /// assert_eq!(cart.add(1).await?, 2);
    /// # Ok(()) }
    /// ```
    pub fn spawn_actor<A: Actor>(&self, id: impl Into<String>) -> SpawnActor<A> {
        SpawnActor::new(self.clone(), id.into())
    }

    /// The instances with these ids of the actor `A`, to be called together.
    ///
    /// The calls fail as those of [`actor_by_id`](System::actor_by_id) do, each for itself.
    pub fn group<A: ById>(&self, ids: impl IntoIterator<Item = impl AsRef<str>>) -> Group<A> {
        Group::new(self, ids, None)
    }

    /// Looks for actors by their [tags](crate::Tags).
    pub fn find(&self) -> Find {
        Find::new(self.clone())
    }

    pub(crate) fn client<A: ByName>(&self, origin: Arc<Origin>) -> Client<A> {
        let target = self.core().and_then(|core| Ok(core.instances_of::<A>()?.named()));
        ActorRef::<A>::new(target.map_err(Unreachable::from), Some(origin)).into()
    }

    pub(crate) fn client_by_id<A: ById>(&self, id: &str, origin: Arc<Origin>) -> Client<A> {
        let target = self.core().and_then(|core| core.instances_of::<A>()?.unnamed(id));
        ActorRef::<A>::new(target.map_err(Unreachable::from), Some(origin)).into()
    }

    /// Calls an action by name, as another language would.
    ///
    /// `actor` is the name of an actor, or the id of an instance if
    /// [`reference`](Invocation::reference) names the unnamed actor. The action can be spelled `create_order`, `createOrder`
    /// or `CreateOrder`. Every actor has the actions `get` and `get_state`, which give the state of a durable one.
    ///
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[message(name = "shop.Basket")] pub struct Basket { count: i64 }
    /// # #[actor(kind = unnamed)] impl Basket { #[action] fn add(&mut self, by: i64) -> i64 { self.count += by; self.count } }
    /// # async fn example(system: System) -> spawn::Result<()> {
    /// let response = system.invoke("user-42", "add", 5_i64).reference("basket").await?;
    /// assert_eq!(response.decode::<i64>()?, 5);
    /// # Ok(()) }
    /// ```
    pub fn invoke<K>(&self, actor: &str, action: &str, payload: impl IntoParcel<K>) -> Invocation {
        self.invocation(actor, action, payload.into_parcel(), None)
    }

    pub(crate) fn invocation(
        &self,
        actor: &str,
        action: &str,
        payload: Parcel,
        origin: Option<Arc<Origin>>,
    ) -> Invocation {
        Invocation::new(self.clone(), actor, action, payload, origin)
    }

    pub(crate) fn instances_by_name(&self, name: &str) -> Result<Arc<dyn AnyInstances>> {
        self.core()?.instances_by_name(name)
    }

    /// The definitions of the system's actors, ordered by name.
    ///
    /// # Errors
    /// [`ErrorKind::Stopped`] if the system has stopped.
    ///
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[message(name = "shop.Visits")] pub struct Visits { count: i64 }
    /// # #[actor] impl Visits { #[action] fn count(&self) -> i64 { self.count } }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("shop").in_memory().only::<(Visits,)>().start().await?;
    /// let definitions = system.definitions()?;
    /// assert_eq!(definitions[0].name(), "visits");
    /// println!("{definitions}");
    /// # Ok(()) }
    /// ```
    pub fn definitions(&self) -> Result<Definitions> {
        Ok(self.core()?.definitions.clone())
    }

    /// The actors, the external subscribers and the channels of the system, to be drawn.
    ///
    /// # Errors
    /// [`ErrorKind::Stopped`] if the system has stopped.
    pub fn topology(&self) -> Result<Topology> {
        let core = self.core()?;
        Ok(Topology::new(core.definitions.clone(), core.listeners.clone()))
    }

    /// Everything that the system supervises, to be printed; it is in the log when the system starts.
    ///
    /// # Errors
    /// [`ErrorKind::Stopped`] if the system has stopped.
    pub fn tree(&self) -> Result<Tree> {
        Ok(self.core()?.tree())
    }

    /// What the system found in its store when it started; it is in the log as well.
    ///
    /// # Errors
    /// [`ErrorKind::Stopped`] if the system has stopped.
    ///
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Clerk;
    /// # #[actor(stateful = false, name = "doc_clerk")] impl Clerk { #[action] fn done(&self) {} }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Clerk,)>().start().await?;
    /// let recovery = system.recovery()?;
    /// if !recovery.was_closed() {
    ///     println!("the last run has crashed: {recovery}");
    /// }
    /// # system.shutdown().await }
    /// ```
    pub fn recovery(&self) -> Result<&Recovery> {
        Ok(&self.core()?.recovery)
    }

    /// Publishes events from outside of an actor: all of them, or none. It does not wait until they are handled.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`](crate::ErrorKind::InvalidName) if one of the channels is not well formed,
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) if the system has stopped.
    ///
    /// # Cancel safety
    /// The events are published when it is first polled.
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Publisher;
    /// # #[actor(stateful = false, name = "doc_publisher")] impl Publisher { #[action] fn done(&self) {} }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Publisher,)>().start().await?;
    /// let mut events = system.subscribe("order.*")?;
    /// system.broadcast(Broadcast::to("order.paid", 990_i64).and("order.shipped", true)).await?;
    /// assert_eq!(events.next().await.map(|event| event.channel().to_string()).as_deref(), Some("order.paid"));
    /// # Ok(()) }
    /// ```
    pub async fn broadcast(&self, broadcast: Broadcast) -> Result<()> {
        let core = self.core()?;
        if core.env.is_stopping() {
            return Err(Error::stopped());
        }
        core.env.publish(broadcast).await
    }

    /// The events of the channels that `pattern` stands for, from now on: those that are published after this has returned.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`](crate::ErrorKind::InvalidName) if the pattern is not well formed,
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) if the system has stopped.
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Listener;
    /// # #[actor(stateful = false, name = "doc_listener")] impl Listener { #[action] fn done(&self) {} }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Listener,)>().start().await?;
    /// let mut payments = system.subscribe("payment.>")?;
    /// system.broadcast(Broadcast::to("payment.card.accepted", 990_i64)).await?;
    /// let event = payments.next().await.expect("the system has not stopped");
    /// assert_eq!(event.decode::<i64>()?, 990);
    /// # Ok(()) }
    /// ```
    pub fn subscribe(&self, pattern: impl Into<Cow<'static, str>>) -> Result<EventStream> {
        let core = self.core()?;
        let pattern = Pattern::parse(pattern)?;
        if core.env.is_stopping() {
            return Err(Error::stopped());
        }
        let queue = Arc::new(EventQueue::default());
        core.env.channels.subscribe_queue(std::slice::from_ref(&pattern), &queue);
        Ok(EventStream::new(queue, pattern, Arc::clone(&core.env)))
    }

    /// Takes back a call that was made with a delay or for a time, and was not made yet; `false` if it was, or never was.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] if that could not be saved, [`ErrorKind::Stopped`] if the system has stopped.
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # use std::time::Duration;
    /// # #[derive(Default)] pub struct Bell;
    /// #[actor(stateful = false, name = "doc_bell")]
    /// impl Bell {
    ///     #[action]
    ///     fn ring(&self) {}
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Bell,)>().start().await?;
    /// let later = system.actor::<Bell>().ring().delay(Duration::from_secs(60)).await?;
    /// assert!(system.cancel(later).await?);
    /// assert!(!system.cancel(later).await?, "there is nothing left to cancel");
    /// # Ok(()) }
    /// ```
    pub async fn cancel(&self, call: CallId) -> Result<bool> {
        let env = &self.core()?.env;
        let commit = Commit { consumed: Some(Consumed::Call(call)), ..env.new_commit() };
        match env.save(Some(commit), None).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::Stale => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether the last commit reached the disk. After one that did not, the system is unhealthy until one does.
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Health;
    /// # #[actor(stateful = false, name = "doc_health")] impl Health { #[action] fn done(&self) {} }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Health,)>().start().await?;
    /// // What a health check answers.
    /// let status = if system.is_healthy() { 200 } else { 503 };
    /// assert_eq!(status, 200);
    /// # Ok(()) }
    /// ```
    pub fn is_healthy(&self) -> bool {
        self.0.as_ref().is_some_and(|core| core.env.pipeline.is_healthy())
    }

    /// The durable subscriptions, with those of actors that the program does not have any more: they hold the log until they are
    /// [dropped](System::drop_subscription).
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] if they cannot be read, [`ErrorKind::Stopped`] if the system has stopped.
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Auditor;
    /// #[actor(stateful = false, name = "doc_auditor", channels = [("audit.>", note)])]
    /// impl Auditor {
    ///     #[action]
    ///     fn note(&self, _event: Event) {}
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Auditor,)>().start().await?;
    /// let subscriptions = system.subscriptions().await?;
    /// assert_eq!(subscriptions[0].subscriber, "doc_auditor");
    /// assert_eq!(subscriptions[0].pattern, "audit.>");
    /// # Ok(()) }
    /// ```
    pub async fn subscriptions(&self) -> Result<Vec<SubscriptionRow>> {
        self.core()?.env.read(|store| store.register(&[])).await
    }

    /// Forgets a subscription of an actor that the program does not have any more; `false` if there was none. One that the program has
    /// is registered again at the next start, and gets the events from then on.
    ///
    /// # Errors
    /// As for [`subscriptions`](System::subscriptions).
    pub async fn drop_subscription(&self, id: SubscriptionId) -> Result<bool> {
        self.core()?.env.read(move |store| store.drop_subscription(id)).await
    }

    /// The revisions of a durable actor that are kept, the oldest first: each commit that changed its state has a number, and
    /// the last sixteen are kept.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] if they cannot be read, [`ErrorKind::Stopped`] if the system has stopped.
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// #[message(name = "doc_history.Meter")]
    /// pub struct Meter { reading: i64 }
    ///
    /// #[actor(name = "doc_meter")]
    /// impl Meter {
    ///     #[action]
    ///     fn read(&mut self, reading: i64) {
    ///         self.reading = reading;
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Meter,)>().start().await?;
    /// for reading in [10, 12, 15] {
    ///     system.actor::<Meter>().read(reading).await?;
    /// }
    /// let id = &system.find().of::<Meter>().await?[0];
    /// let revisions = system.history(id).await?;
    /// assert_eq!(revisions.len(), 3);
    /// # Ok(()) }
    /// ```
    pub async fn history(&self, actor: &ActorId) -> Result<Vec<RevisionRow>> {
        let actor = actor.clone();
        self.core()?.env.read(move |store| store.history(&actor)).await
    }

    /// What was given up, and what can be done with it.
    pub fn dead_letters(&self) -> DeadLetters {
        DeadLetters::new(self.clone())
    }

    /// Resolves when no message is in flight: no actor runs or has something waiting, nothing is being saved, no effect is due, and
    /// no external subscriber works. What waits for its time, or for another attempt, is not in flight.
    ///
    /// A program that gave the system all of its input waits so until everything has had its effect.
    ///
    /// # Panics
    /// If an action or an external subscriber awaits it: it would wait for itself.
    ///
    /// # Cancel safety
    /// It can be dropped at any time.
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Tally { count: i64 }
    /// #[actor(stateful = false, name = "doc_tally", channels = [("doc.votes", count)])]
    /// impl Tally {
    ///     #[action]
    ///     fn count(&mut self, vote: i64) {
    ///         self.count += vote;
    ///     }
    ///
    ///     #[action]
    ///     fn votes(&self) -> i64 {
    ///         self.count
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Tally,)>().start().await?;
    /// for _ in 0..100 {
    ///     system.broadcast(Broadcast::to("doc.votes", 1_i64)).await?;
    /// }
    /// system.settled().await;
    /// assert_eq!(system.actor::<Tally>().votes().await?, 100);
    /// # Ok(()) }
    /// ```
    pub async fn settled(&self) {
        let Ok(core) = self.core() else { return };
        assert!(
            !inside::is_inside(&core.env),
            "`settled` waits for the action that awaits it, and would never resolve"
        );
        let mut looks = 0_u32;
        loop {
            // Every actor was idle when the first look came to it and when the second did, and handled nothing in between; so at
            // the end of the first look nothing was in flight.
            let first = core.census();
            if first.busy == 0 && core.census() == first {
                return;
            }
            looks += 1;
            if looks < 64 {
                tokio::task::yield_now().await;
            } else {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }
}

impl fmt::Debug for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "System({})", self.name())
    }
}
