//! Activating an actor by hand, with its state as it is or as it was.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use crate::actor::{Actor, Kind};
use crate::call::Call;
use crate::client::{ActorRef, Client};
use crate::dispatch::{Handler, Outcome, Run, silent_codec};
use crate::error::{Error, ErrorKind, Result};
use crate::message::TypeName;
use crate::store::RevisionRow;
use crate::system::System;

/// Activates an actor; from [`System::spawn_actor`]. Nothing happens before it is awaited.
///
/// # Errors
/// [`ErrorKind::UnknownActor`] if the system has no such actor, or the id of a named actor is not its name;
/// [`ErrorKind::InvalidName`] if the id is not one; [`ErrorKind::Activation`] if the actor could not be activated;
/// [`ErrorKind::UnknownRevision`] if the revision is not kept; [`ErrorKind::Decode`] if it cannot be read; and what a [`Call`] can
/// fail with.
///
/// # Cancel safety
/// As for [`Call`].
#[must_use = "nothing is activated before it is awaited"]
pub struct SpawnActor<A> {
    system: System,
    id: String,
    revision: Option<u64>,
    actor: PhantomData<fn() -> A>,
}

impl<A: Actor> SpawnActor<A> {
    pub(crate) fn new(system: System, id: String) -> Self {
        Self { system, id, revision: None, actor: PhantomData }
    }

    /// Goes back to the state as it was at this revision, which becomes the newest one: nothing that was saved since is taken out of
    /// the [history](System::history), and events that the actor has had do not come again.
    pub fn revision(mut self, revision: u64) -> Self {
        self.revision = Some(revision);
        self
    }

    async fn activate(self) -> Result<Client<A>> {
        let instances = self.system.core()?.instances_of::<A>()?;
        let cell = match A::TABLE.kind {
            Kind::Unnamed => instances.unnamed(&self.id)?,
            _ if self.id == A::TABLE.name => instances.named(),
            _ => {
                let message = format!("`{name}` has one id, `{name}`", name = A::TABLE.name);
                return Err(Error::new(ErrorKind::UnknownActor, message));
            }
        };
        let state = match self.revision {
            Some(revision) => {
                let history = self.system.history(&cell.id).await?;
                Some(decode::<A>(&cell.id.to_string(), revision, history)?)
            }
            None => None,
        };
        Call::new(Ok(Arc::clone(&cell)), handler::<A>(), state, None).await?;
        Ok(ActorRef::<A>::new(Ok(cell), None).into())
    }
}

fn decode<A: Actor>(id: &str, revision: u64, history: Vec<RevisionRow>) -> Result<A> {
    let Some(durable) = &A::TABLE.state else {
        let message = format!("{id} has no revisions: it is `stateful = false`");
        return Err(Error::new(ErrorKind::UnknownRevision, message));
    };
    let kept = history.iter().map(|row| row.revision.0);
    let kept = match (kept.clone().min(), kept.max()) {
        (Some(first), Some(last)) => format!("{first} to {last} are kept"),
        _ => "it was never saved".to_owned(),
    };
    let Some(row) = history.into_iter().find(|row| row.revision.0 == revision) else {
        let message = format!("{id} has no revision {revision}; {kept}");
        return Err(Error::new(ErrorKind::UnknownRevision, message));
    };
    let found = &row.state.type_name;
    if TypeName::parse(found) != durable.type_name {
        let message =
            format!("revision {revision} of {id} is a {found}, not a {}", durable.type_name);
        return Err(Error::new(ErrorKind::Decode, message));
    }
    (durable.decode)(row.state.bytes)
}

/// The handler that takes a state as it is given; without one it only activates the actor.
pub(crate) fn handler<A: Actor>() -> &'static Handler<A, Option<A>, ()> {
    const {
        &Handler {
            action: "spawn_actor",
            mutates: true,
            codec: silent_codec(),
            run: Run::Plain(|state, restored| {
                if let Some(restored) = restored {
                    *state = restored;
                }
                Outcome::done(())
            }),
        }
    }
}

impl<A: Actor> IntoFuture for SpawnActor<A> {
    type Output = Result<Client<A>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.activate())
    }
}

impl<A: Actor> fmt::Debug for SpawnActor<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SpawnActor({}, {:?}, {:?})", A::TABLE.name, self.id, self.revision)
    }
}
