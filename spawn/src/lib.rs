//! Actors and broadcast channels, as a DSL: annotate a struct, write its actions as methods, name the channels that it listens to,
//! and start the system. Nothing else is wired by hand.
//!
//! - An **actor** is a struct with a state. It handles one message at a time, and while it is idle it is an entry in a table: no
//!   task, no channel. A *named* actor is one of its kind, an *unnamed* one has an instance for each id.
//! - An **action** is a method that can be called: by a typed client, by name, or by an event.
//! - A **channel** carries events from whoever publishes them to everyone who is subscribed: actors, external subscribers, streams.
//!   An action publishes with its response, and only if it succeeds.
//!
//! The macros check a definition when the program is compiled and make its dispatch table; the definitions of the whole program,
//! libraries included, meet when a [`System`] starts.
//!
//! **In this version states and events live in memory**, and end with the system. What is called *durable* in these pages
//! outlives passivation; it will outlive the process when there is a store.
//!
//! # A first example
//!
//! ```
//! use spawn::prelude::*;
//!
//! #[message(name = "first.OrderCreated")]
//! pub struct OrderCreated {
//!     pub order_id: String,
//! }
//!
//! /// Takes orders and tells the rest of the shop about them.
//! #[message(name = "first.OrderProcessor")]
//! pub struct OrderProcessor {
//!     orders: i64,
//! }
//!
//! #[actor]
//! impl OrderProcessor {
//!     /// Accepts an order, announces it, and says how many there are.
//!     #[action]
//!     fn create_order(&mut self, order_id: String) -> Value<i64> {
//!         self.orders += 1;
//!         Value::from(self.orders)
//!             .broadcast(Broadcast::to("order.events", OrderCreated { order_id }))
//!     }
//! }
//!
//! /// Hears of them. Holds no state that must last.
//! #[derive(Default)]
//! pub struct EmailService {
//!     sent: i64,
//! }
//!
//! #[actor(stateful = false, channels = [("order.events", send)])]
//! impl EmailService {
//!     #[action]
//!     async fn send(&mut self, event: OrderCreated) {
//!         println!("dear customer, we have your order {}", event.order_id);
//!         self.sent += 1;
//!     }
//! }
//!
//! #[tokio::main]
//! async fn main() -> spawn::Result<()> {
//!     let system = System::builder("shop")
//! #       .only::<(OrderProcessor, EmailService)>()
//!         .start().await?;
//!     let orders = system.actor::<OrderProcessor>().create_order("ord-1".to_owned()).await?;
//!     assert_eq!(orders, 1);
//!     system.shutdown().await
//! }
//! ```
//!
//! # Where to look
//!
//! | to | see |
//! | --- | --- |
//! | define an actor, its actions, its messages | [`actor`](macro@actor), [`action`](macro@action), [`init`](macro@init), [`message`](macro@message) |
//! | return more than a response | [`Value`], [`Broadcast`] |
//! | ask about the call that is served, and call on from there | [`Context`] |
//! | fail | [`ActionError`], or any error |
//! | put a system together and run it | [`System::builder`], [`SystemBuilder`], [`System`] |
//! | call an actor | [`System::actor`], [`System::actor_by_id`], [`Client`], [`Call`]; by name [`System::invoke`] |
//! | name channels | [`Channel`], [`Pattern`] |
//! | get events outside of an actor | [`System::subscribe`], [`Subscriber`], [`Event`] |
//! | handle messages whose type is not known | [`Parcel`], [`TypeName`] |
//! | understand what went wrong | [`Error`], [`ErrorKind`] |
//! | test | `testing` (a feature) |
//!
//! [`prelude`] has what most programs need.
//!
//! # Runtime
//!
//! A system runs on the Tokio runtime in which it was started, of either flavor, and needs its timer to be enabled. Calls have to be
//! awaited inside of a Tokio runtime, which may be another one. An action that is not `async` runs on the thread of the caller when
//! its actor is idle, so that it should neither block nor compute for long; that is what `async` actions and `spawn_blocking` are
//! for.
//!
//! # Features
//!
//! None is on by default.
//!
//! - **`testing`**: the module `testing`, with systems, probes and paused time for tests; it turns on Tokio's `test-util`, and belongs in
//!   `[dev-dependencies]`.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod actor;
mod call;
mod channel;
mod client;
mod context;
mod definition;
mod dispatch;
mod error;
mod event;
mod flow;
mod grammar;
mod invocation;
mod macros;
mod message;
mod metadata;
mod parcel;
pub mod prelude;
mod retry;
mod runtime;
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
pub use self::channel::{Channel, IntoChannel, Pattern};
pub use self::client::Client;
pub use self::context::Context;
pub use self::definition::{ActionDefinition, ChannelDefinition, Definition};
pub use self::dispatch::{Clause, Lend, NextState, Payload, Reply};
pub use self::error::{ActionError, BoxError, Error, ErrorKind, Result};
pub use self::event::{Event, EventId, Position};
pub use self::flow::{Broadcast, Unchanged, Value};
pub use self::invocation::Invocation;
pub use self::macros::{action, actor, init, message};
pub use self::message::{Message, TypeName};
pub use self::metadata::Metadata;
pub use self::parcel::Parcel;
pub use self::stream::EventStream;
pub use self::subscriber::Subscriber;
pub use self::system::{ActorList, System, SystemBuilder};
pub use prost;

/// The README's example, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
