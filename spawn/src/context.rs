//! What an action can ask about the call that it serves.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::actor::{ActorId, ById, ByName};
use crate::client::{Client, Origin};
use crate::event::Event;
use crate::group::Group;
use crate::invocation::Invocation;
use crate::metadata::Metadata;
use crate::parcel::IntoParcel;
use crate::runtime::{AnyCell, CallingRun};
use crate::system::System;
use crate::tags::Tags;

/// The call that an action serves, and the way to other actors from there.
///
/// An action that takes a `&Context` gets one. Calls that are made through it carry the caller and the metadata along.
///
/// # Examples
///
/// ```
/// use spawn::prelude::*;
///
/// # #[message(name = "shop.Ledger")] pub struct Ledger { total: i64 }
/// # #[actor] impl Ledger { #[action] fn book(&mut self, amount: i64) -> i64 { self.total += amount; self.total } }
/// # #[message(name = "shop.Till")] pub struct Till { }
/// #[actor]
/// impl Till {
///     #[action]
///     async fn sell(&mut self, ctx: &Context, amount: i64) -> Result<i64, spawn::Error> {
///         ctx.actor::<Ledger>().book(amount).await
///     }
/// }
/// ```
///
/// # Waiting for others
///
/// An actor handles one message at a time, so that whoever calls it waits for the action that it is in, and for whatever that
/// action waits for. A call that would close a circle would never be answered. It fails at once, before the action that it calls
/// is run, with [`ErrorKind::Deadlock`](crate::ErrorKind::Deadlock) and the chain, whether the circle is an actor that calls itself, a call back,
/// or chains that several callers began and that cross. No call is reentrant, not even one that only reads.
///
/// - Only calls that are made through the context of an action are known to be its calls. A client of
///   [`System::actor`], or one that was kept from an earlier action, calls as from outside: a circle through it ends with the
///   timeout. Make clients from `ctx`, in each action.
/// - An action that waits for several calls at once is told of a circle through any of them, though another one might be answered
///   first. A task that the action has spawned calls for the action until that ends, and as from outside from then on.
/// - A cast waits only for room in a full mailbox. Delayed calls, effects and events wait for nobody.
///
/// ```
/// use spawn::prelude::*;
/// use spawn::ErrorKind;
///
/// # #[derive(Default)] pub struct Stock;
/// # #[derive(Default)] pub struct Orders;
/// #[actor(stateful = false)]
/// impl Stock {
///     #[action]
///     async fn reserve(&self, ctx: &Context) -> spawn::Result<i64> {
///         // The order that called this is still in its action.
///         ctx.actor::<Orders>().count().await
///     }
/// }
///
/// #[actor(stateful = false)]
/// impl Orders {
///     #[action]
///     async fn create(&self, ctx: &Context) -> spawn::Result<i64> {
///         ctx.actor::<Stock>().reserve().await
///     }
///
///     #[action]
///     fn count(&self) -> i64 {
///         3
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// # let system = System::builder("shop").in_memory().only::<(Stock, Orders)>().start().await?;
/// let error = system.actor::<Orders>().create().await.unwrap_err();
/// // What `create` returned is what `reserve` returned, which is what its call of `count` failed with.
/// let told = error.cause::<spawn::Error>().and_then(|error| error.cause::<spawn::Error>()).unwrap();
/// assert_eq!(told.kind(), ErrorKind::Deadlock);
/// assert_eq!(
///     told.to_string(),
///     "`count` of orders: the call would wait for itself: stock -> orders -> stock"
/// );
/// # Ok(()) }
/// ```
pub struct Context {
    cell: Arc<dyn AnyCell>,
    origin: Option<Arc<Origin>>,
    metadata: Metadata,
    event: Option<Event>,
    tags: Option<Arc<Tags>>,
    calls: Calls,
}

/// What the calls of the action carry along; made with the first of them.
#[derive(Default)]
struct Calls(OnceLock<Arc<Origin>>);

/// The context goes when the action has ended.
impl Drop for Calls {
    fn drop(&mut self) {
        if let Some(origin) = self.0.get()
            && let Some(run) = &origin.run
        {
            run.end(&origin.caller);
        }
    }
}

impl Context {
    pub(crate) fn new(
        cell: Arc<dyn AnyCell>,
        origin: Option<Arc<Origin>>,
        metadata: Metadata,
        event: Option<Event>,
        tags: Option<Arc<Tags>>,
    ) -> Self {
        Self { cell, origin, metadata, event, tags, calls: Calls::default() }
    }

    /// The actor that runs the action.
    pub fn id(&self) -> &ActorId {
        self.cell.id()
    }

    /// The actor whose action made the call; `None` if it came from outside, or from a channel.
    pub fn caller(&self) -> Option<&ActorId> {
        self.origin.as_ref().map(|origin| &origin.caller)
    }

    /// What travels with the call, or travelled with the call that published the event; empty in `#[init]`.
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Traced;
    /// #[actor(stateful = false, name = "doc_traced")]
    /// impl Traced {
    ///     #[action]
    ///     fn trace(&self, ctx: &Context) -> Option<String> {
    ///         ctx.metadata().get("trace").map(str::to_owned)
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
    /// # let system = System::builder("doc").in_memory().only::<(Traced,)>().start().await?;
    /// let trace = system.actor::<Traced>().trace().metadata("trace", "42").await?;
    /// assert_eq!(trace.as_deref(), Some("42"));
    /// # Ok(()) }
    /// ```
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The event that the action handles; `None` if it was called, and in `#[init]`.
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Partner;
    /// #[actor(stateful = false, name = "doc_partner", channels = [("order.paid", tell)])]
    /// impl Partner {
    ///     /// Handled at least once: the id lets the other side see that it has the event already.
    ///     #[action]
    ///     async fn tell(&self, ctx: &Context, cents: i64) {
    ///         if let Some(event) = ctx.event() {
    ///             println!("{}: {cents} cents, attempt {}", event.id(), event.attempt());
    ///         }
    ///     }
    /// }
    /// ```
    pub fn event(&self) -> Option<&Event> {
        self.event.as_ref()
    }

    /// The tags that the actor has while the action runs: those that it set last with [`Value::tags`](crate::Value::tags), or
    /// those of its definition.
    pub fn tags(&self) -> &Tags {
        self.tags.as_deref().unwrap_or_else(|| self.cell.declared_tags())
    }

    /// The system that the actor belongs to.
    /// # Examples
    ///
    /// ```
    /// # use spawn::prelude::*;
    /// # #[derive(Default)] pub struct Door;
    /// #[actor(stateful = false, name = "doc_door")]
    /// impl Door {
    ///     /// The system ends when this action has ended.
    ///     #[action]
    ///     fn close(&self, ctx: &Context) {
    ///         tokio::spawn(ctx.system().shutdown());
    ///     }
    /// }
    /// ```
    pub fn system(&self) -> System {
        self.cell.system()
    }

    /// A client of the actor `A`, whose calls carry this actor as caller and the metadata along.
    ///
    /// Its calls fail as those of [`System::actor`]. They have their own timeouts, however long the caller of this action still
    /// waits.
    pub fn actor<A: ByName>(&self) -> Client<A> {
        self.system().client::<A>(self.origin_of_calls())
    }

    /// A client of the instance `id` of the actor `A`, whose calls carry this actor as caller and the metadata along.
    ///
    /// Its calls fail as those of [`System::actor_by_id`].
    pub fn actor_by_id<A: ById>(&self, id: impl AsRef<str>) -> Client<A> {
        self.system().client_by_id::<A>(id.as_ref(), self.origin_of_calls())
    }

    /// The instances with these ids of the actor `A`, to be called together, with this actor as caller and the metadata along.
    ///
    /// The calls fail as those of [`System::actor_by_id`] do, each for itself.
    pub fn group<A: ById>(&self, ids: impl IntoIterator<Item = impl AsRef<str>>) -> Group<A> {
        Group::new(&self.system(), ids, Some(&self.origin_of_calls()))
    }

    /// Calls an action by name, as [`System::invoke`] does, with this actor as caller and the metadata along.
    pub fn invoke<K>(&self, actor: &str, action: &str, payload: impl IntoParcel<K>) -> Invocation {
        self.system().invocation(actor, action, payload.into_parcel(), Some(self.origin_of_calls()))
    }

    fn origin_of_calls(&self) -> Arc<Origin> {
        let origin = self.calls.0.get_or_init(|| {
            Arc::new(Origin {
                caller: self.id().clone(),
                metadata: self.metadata.clone(),
                run: Some(CallingRun::new(Arc::clone(self.cell.env()))),
                piped: None,
            })
        });
        Arc::clone(origin)
    }

    pub(crate) fn resource<T: Send + Sync + 'static>(&self) -> &T {
        #[expect(
            clippy::expect_used,
            reason = "`start()` fails if a resource of the table is missing"
        )]
        self.cell.env().resources.get().expect("a resource is checked when the system starts")
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("id", self.id())
            .field("caller", &self.caller())
            .field("metadata", &self.metadata)
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}
