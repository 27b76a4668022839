//! Calls by name.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::actor::ActorId;
use crate::call::CallOptions;
use crate::client::Origin;
use crate::dispatch::Input;
use crate::error::Result;
use crate::metadata::Metadata;
use crate::observe;
use crate::parcel::Parcel;
use crate::runtime::{Invoke, Responding, Source};
use crate::schedule::{self, Due};
use crate::store::CallId;
use crate::system::System;

/// A call by name, as another language would make it; from [`System::invoke`] and
/// [`Context::invoke`](crate::Context::invoke).
///
/// It does nothing until it is awaited; then it gives the response as a [`Parcel`], in which `()` and `None` are a
/// `google.protobuf.Empty`.
///
/// # Errors
/// Those of a typed [`Call`](crate::Call), and what a typed call cannot get wrong:
/// [`UnknownActor`](crate::ErrorKind::UnknownActor), also for a named actor with a [`reference`](Invocation::reference) or an unnamed
/// one without; [`UnknownAction`](crate::ErrorKind::UnknownAction), with the actions that there are;
/// [`UnsupportedPayload`](crate::ErrorKind::UnsupportedPayload), with the types that would do;
/// [`Decode`](crate::ErrorKind::Decode) if the payload's bytes are not what they are said to be.
///
/// # Panics
/// As for a typed call.
///
/// # Cancel safety
/// As for a typed call.
#[must_use = "a call does nothing until it is awaited"]
pub struct Invocation {
    system: System,
    actor: String,
    reference: Option<String>,
    action: String,
    payload: Parcel,
    origin: Option<Arc<Origin>>,
    options: CallOptions,
    cast: bool,
}

impl Invocation {
    pub(crate) fn new(
        system: System,
        actor: &str,
        action: &str,
        payload: Parcel,
        origin: Option<Arc<Origin>>,
    ) -> Self {
        let metadata = origin.as_ref().map(|origin| origin.metadata.clone()).unwrap_or_default();
        Self {
            system,
            actor: actor.to_owned(),
            reference: None,
            action: action.to_owned(),
            payload,
            origin,
            options: CallOptions { metadata, ..CallOptions::default() },
            cast: false,
        }
    }

    /// The name of the unnamed actor of which an instance is called; what `invoke` was given first is then its id.
    pub fn reference(mut self, actor: impl Into<String>) -> Self {
        self.reference = Some(actor.into());
        self
    }

    /// As [`Call::timeout`](crate::Call::timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// As [`Call::metadata`](crate::Call::metadata).
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.metadata.insert(key, value);
        self
    }

    /// As [`Call::fail_when_full`](crate::Call::fail_when_full).
    pub fn fail_when_full(mut self) -> Self {
        self.options.fail_when_full = true;
        self
    }

    /// Makes a call that waited in the store, for as long as it takes. One whose actor has no room waits in the store.
    pub(crate) fn stored(
        mut self,
        source: Source,
        caller: Option<ActorId>,
        metadata: Metadata,
    ) -> Responding {
        self.options.source = Some(source);
        self.options.fail_when_full = true;
        self.options.timeout = Some(Duration::MAX);
        self.options.metadata = metadata.clone();
        self.origin =
            caller.map(|caller| Arc::new(Origin { caller, metadata, run: None, piped: None }));
        self.into_future()
    }

    /// Makes the call so much later, and does not wait for it: the future is ready when the call is saved, with an id by which it
    /// can be cancelled ([`System::cancel`]). It is made once, whatever crashes meanwhile.
    ///
    /// Made inside an action, it is saved at once, whatever becomes of the action; an effect goes with the action's commit.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](crate::ErrorKind::Storage) if it could not be saved.
    pub async fn delay(self, delay: Duration) -> Result<CallId> {
        self.schedule(Due::After(delay)).await
    }

    /// As [`delay`](Invocation::delay), at a time of the calendar; one that is past is at once.
    ///
    /// # Errors
    /// As for [`delay`](Invocation::delay).
    pub async fn scheduled_to(self, time: SystemTime) -> Result<CallId> {
        self.schedule(Due::At(time)).await
    }

    async fn schedule(self, due: Due) -> Result<CallId> {
        let target = ActorId::checked(&self.actor, self.reference.as_deref())?;
        let mut metadata = self.options.metadata;
        observe::carry(&mut metadata, self.origin.as_deref());
        let caller = self.origin.map(|origin| origin.caller.clone());
        let payload = self.payload;
        schedule::submit(&self.system, target, self.action, payload, due, caller, metadata).await
    }

    /// As [`Call::idempotency_key`](crate::Call::idempotency_key).
    pub fn idempotency_key(mut self, key: impl Into<Arc<str>>) -> Self {
        self.options.source = Some(Source::Keyed(key.into()));
        self
    }

    /// As [`Call::cast`](crate::Call::cast); the response is then an empty parcel.
    pub fn cast(mut self) -> Self {
        self.cast = true;
        self
    }
}

impl IntoFuture for Invocation {
    type Output = Result<Parcel>;
    type IntoFuture = Responding;

    fn into_future(self) -> Self::IntoFuture {
        let (name, instance) = match self.reference {
            Some(reference) => (reference, Some(self.actor)),
            None => (self.actor, None),
        };
        match self.system.instances_by_name(&name) {
            Ok(instances) => instances.invoke(Invoke {
                instance,
                action: self.action,
                payload: Input::Parcel(self.payload),
                origin: self.origin,
                options: self.options,
                cast: self.cast,
            }),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }
    }
}

impl fmt::Debug for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Invocation({}.{})", self.actor, self.action)
    }
}
