//! What is needed to write actors and to start a system: `use spawn::prelude::*;`
//!
//! - the attributes [`actor`](macro@actor), [`action`](macro@action), [`init`](macro@init), [`message`](macro@message);
//! - what an action takes and returns: [`Context`], [`Event`], [`Parcel`], [`Value`], [`ActionError`], and with the feature `json` (which is on by default) `Json`;
//! - what it publishes and sets going: [`Broadcast`], [`Channel`], [`SideEffect`], [`Pipe`], [`Forward`];
//! - what runs it: [`System`], and the trait [`Actor`] for `A::definition()`.

pub use crate::actor::Actor;
pub use crate::channel::Channel;
pub use crate::context::Context;
pub use crate::error::ActionError;
pub use crate::event::Event;
pub use crate::flow::{Broadcast, Forward, Pipe, SideEffect, Value};
#[cfg(feature = "json")]
pub use crate::json::Json;
pub use crate::parcel::Parcel;
pub use crate::system::System;
pub use crate::{action, actor, init, message};
