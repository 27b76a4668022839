//! Durable actors and broadcast channels for Rust, as a DSL.

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
pub use spawn_macros::{action, actor, init, message};
