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
//! | actors by their tags | [`System::find`], [`Tags`] |
//! | several instances at once | [`System::group`] |
//! | what waits, who is how far, what was published | [`System::scheduled_calls`], [`System::lags`], [`System::log`] |
//! | where data lasts | [`store`] |
//! | beginning and ending | [`Recovery`], [`Tree`], [`System::shutdown_within`], [`Shutdown`] |
//! | tests | `testing` |
//!
//! # Features
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `admin` | off | `admin`: a page and an API that show a running system, with dead letters to replay |
//! | `json` | on | [`Json`], which makes a message of any serde type, and `serde_json::Value` in calls by name |
//! | `otel` | off | `otel`: the spans of actions as one trace, over calls, events and restarts, and an exporter that sends them to a collector |
//! | `prometheus` | off | `prometheus`: a recorder of the metrics, and `/metrics` on a loopback address |
//! | `sqlite` | on | [`store::Sqlite`], the default place of a system's data |
//! | `encryption` | off | [`SystemBuilder::encrypt`](SystemBuilder), `store::Encrypted`: states and messages encrypted at rest, with AES-256-GCM |
//! | `signal` | on | [`System::run_until_signal`], the end of a system on ctrl-c and SIGTERM |
//! | `tools` | off | `store::DataDirectory`: the data of a system that may be stopped, for tools such as `spawn-cli` |
//! | `testing` | off | `testing`: systems in memory, probes, paused time |
//!
//! The guide is in the folder `book` of the repository.

#![deny(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod actor;
#[cfg(feature = "admin")]
pub mod admin;
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
mod find;
mod flow;
mod grammar;
mod group;
mod hints;
mod inspect;
mod introspect;
mod invocation;
#[cfg(feature = "json")]
mod json;
mod macros;
mod message;
mod metadata;
mod observe;
#[cfg(feature = "otel")]
pub mod otel;
mod parcel;
pub mod prelude;
#[cfg(feature = "prometheus")]
pub mod prometheus;
mod reader;
mod restore;
mod retention;
mod retry;
mod runtime;
mod schedule;
mod size;
pub mod store;
mod stream;
mod subscriber;
mod suggest;
mod system;
mod tags;

#[cfg(test)]
mod simulation;

// The actors of the simulation are defined as those of any program.
#[cfg(test)]
extern crate self as spawn;

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
pub use self::definition::{ActionDefinition, ChannelDefinition, ClauseDefinition, Definition};
pub use self::dispatch::{Clause, InstanceId, Lend, NextState, Payload, Reply};
pub use self::error::{ActionError, BoxError, Error, ErrorKind, Result};
pub use self::event::{Event, EventId, Position};
pub use self::find::Find;
pub use self::flow::{Broadcast, Forward, Pipe, SideEffect, Unchanged, Value};
pub use self::group::Group;
#[cfg(feature = "admin")]
pub use self::inspect::ActiveActor;
pub use self::inspect::{Lag, Log, LogPage};
pub use self::introspect::{Definitions, Topology, Tree};
pub use self::invocation::Invocation;
#[cfg(feature = "json")]
pub use self::json::Json;
pub use self::macros::{action, actor, init, message};
pub use self::message::{Message, TypeName};
pub use self::metadata::Metadata;
pub use self::parcel::{IntoParcel, Parcel};
pub use self::restore::SpawnActor;
pub use self::size::TooLarge;
pub use self::stream::EventStream;
pub use self::subscriber::Subscriber;
pub use self::system::{ActorList, Behind, Recovery, Shutdown, System, SystemBuilder, Unfinished};
pub use self::tags::Tags;
pub use prost;
