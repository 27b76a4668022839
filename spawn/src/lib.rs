//! Durable actors and broadcast channels, as a DSL.
//!
//! A struct under [`#[actor]`](macro@actor) is an actor, its methods under [`#[action]`](macro@action) are what it can be asked to do, and the
//! channels that the attribute names are what it listens to. [`System`] finds every actor of the program and runs it.
//!
//! ```
//! use spawn::prelude::*;
//!
//! #[message(name = "doc.Counter")]
//! pub struct Counter { count: i64 }
//!
//! #[actor]
//! impl Counter {
//!     /// Adds, and tells everybody who listens.
//!     #[action]
//!     fn add(&mut self, amount: i64) -> Value<i64> {
//!         self.count += amount;
//!         Value::from(self.count).broadcast(Broadcast::to("doc.counted", self.count))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
//! # let system = System::builder("doc").in_memory().only::<(Counter,)>().start().await?;
//! let mut counted = system.subscribe("doc.*")?;
//! assert_eq!(system.actor::<Counter>().add(2).await?, 2);
//! let event = counted.next().await.expect("the system has not ended");
//! assert_eq!(event.decode::<i64>()?, 2);
//! # system.shutdown().await }
//! ```
//!
//! # What can be relied on
//!
//! - A response of a durable actor means that the change is saved; so do its events and effects, which are part of the same commit.
//! - A failed action (an error or a panic) changes nothing, publishes nothing, and is told.
//! - A durable subscriber reflects each event of a durable channel exactly once, in order. Others see it at least once, with the same
//!   [`Event::id`].
//! - An event that keeps failing is kept among the [dead letters](System::dead_letters).
//! - An actor handles one message at a time. Every call ends: with a response, an error, or a timeout.
//!
//! # Where to look
//!
//! | for | see |
//! | --- | --- |
//! | writing actors | [`actor`](macro@actor), [`action`](macro@action), [`init`](macro@init), [`message`](macro@message), [`Context`] |
//! | what an action returns | [`Value`], [`Broadcast`], [`SideEffect`], [`ActionError`] |
//! | running them | [`System`], [`SystemBuilder`] |
//! | calling them | [`Client`], [`Call`], [`Invocation`] |
//! | events | [`Event`], [`Channel`], [`Pattern`], [`ChannelOptions`], [`EventStream`], [`Subscriber`] |
//! | what went wrong | [`Error`], [`ErrorKind`], [`DeadLetters`] |
//! | where data lasts | [`store`] |
//! | tests | `testing` |
//!
//! # Features
//!
//! - `sqlite` (default): [`store::Sqlite`], the default place of a system's data.
//! - `testing`: the test kit.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod actor;
mod call;
mod channel;
mod client;
mod clock;
mod commit;
mod context;
mod dead_letter;
mod definition;
mod delivery;
mod dispatch;
mod error;
mod event;
mod flow;
mod grammar;
mod invocation;
mod message;
mod metadata;
mod parcel;
pub mod prelude;
mod retention;
mod retry;
mod runtime;
mod schedule;
pub mod store;
mod stream;
mod subscriber;
mod suggest;
mod system;

#[cfg(feature = "testing")]
pub mod testing;

#[doc(hidden)]
pub mod __private;

pub use self::actor::{Actor, ActorId, ById, ByName, Kind};
pub use self::call::{Call, Cast};
pub use self::channel::{Channel, ChannelOptions, IntoChannel, Pattern};
pub use self::client::Client;
pub use self::context::Context;
pub use self::dead_letter::{DeadLetter, DeadLetters};
pub use self::definition::{ActionDefinition, ChannelDefinition, Definition};
pub use self::dispatch::{Clause, Lend, NextState, Payload, Reply};
pub use self::error::{ActionError, BoxError, Error, ErrorKind, Result};
pub use self::event::{Event, EventId, Position};
pub use self::flow::{Broadcast, SideEffect, Unchanged, Value};
pub use self::invocation::Invocation;
pub use self::message::{Message, TypeName};
pub use self::metadata::Metadata;
pub use self::parcel::Parcel;
pub use self::stream::EventStream;
pub use self::subscriber::Subscriber;
pub use self::system::{ActorList, System, SystemBuilder};
pub use prost;

/// Makes an `impl` block the actions of an actor.
///
/// | key | meaning | default |
/// | --- | --- | --- |
/// | `name = ".."` | the actor's name, by which it is called and saved | the type's name in snake case |
/// | `kind = named \| unnamed` | one instance, or one for each id | `named` |
/// | `stateful = true \| false` | whether the struct is saved; it is a message then | `true` |
/// | `channels = [..]` | `("channel", handler)`, or `"channel"` for the action `receive` | none |
/// | `deactivate_timeout = "10s"` | after how long without a message it leaves memory | 10 s |
/// | `ask_timeout = "5s"` | how long a call waits for its response | 5 s |
/// | `mailbox = 1024` | how many calls may wait | 1,024 |
/// | `crate = path` | where `spawn` is, if it was renamed | `::spawn` |
///
/// Durations are `"30s"`, `"250ms"`, `"5m"`, or an integer of milliseconds. A channel is dot-separated tokens of `A-Z a-z 0-9 _ -`; in an entry `*` stands for
/// one token and `>` for the rest. The handler is an action, as an identifier or as text. Whatever is wrong is a compile error at its
/// place, all mistakes at once.
///
/// # Examples
///
/// ```
/// use spawn::prelude::*;
///
/// #[message(name = "macro.Cart")]
/// pub struct Cart { items: Vec<String> }
///
/// #[actor(name = "macro_cart", kind = unnamed, deactivate_timeout = "1m", channels = [("macro.removed", remove)])]
/// impl Cart {
///     #[action]
///     fn add(&mut self, item: String) { self.items.push(item); }
///
///     #[action]
///     fn remove(&mut self, item: String) { self.items.retain(|it| *it != item); }
/// }
/// ```
pub use spawn_macros::actor;

/// Makes a method of an [`#[actor]`](macro@actor) block an action.
///
/// After `&self` or `&mut self` it takes at most one parameter by value, the payload (a [`Message`], or [`Event`] or [`Parcel`] to take any), and by
/// reference the [`Context`] and whatever was given to [`SystemBuilder::resource`], in any order. It returns `()`, a message, an `Option` of one, a [`Value`], or a
/// `Result` of those with any error; it can be `async`. `#[action(name = "..")]` names it otherwise than its method; several methods of one
/// name are its clauses, chosen by the type of the payload.
pub use spawn_macros::action;

/// Makes a method of an [`#[actor]`](macro@actor) block run at each activation, before the first message.
///
/// It takes no payload and has nobody to respond to: it returns `()`, `Value<()>`, or a `Result` of those. If it fails, the actor is not activated, the
/// caller is told, and the next message tries again.
pub use spawn_macros::init;

/// Makes a struct a message, or an enumeration of units a field of messages.
///
/// `#[message(name = "package.Name")]` gives the full name. Fields are numbers, `bool`, `String`, `Vec<u8>`, enumerations, messages, and `Option`, `Vec`, `Box`,
/// `HashMap` and `BTreeMap` of those. They are encoded as protobuf, with tags in the order of the fields; the type gets `Clone`, `Debug`, `Default`
/// and `PartialEq`.
///
/// # Examples
///
/// ```
/// use spawn::prelude::*;
///
/// #[message(name = "macro.Status")]
/// pub enum Status { New, Paid }
///
/// #[message(name = "macro.Order")]
/// pub struct Order { pub id: String, pub status: Status, pub notes: Vec<String> }
/// ```
pub use spawn_macros::message;
