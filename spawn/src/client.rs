//! References to actors.

use std::fmt;
use std::sync::Arc;

use crate::actor::{Actor, ActorId};
use crate::call::Call;
use crate::dispatch::{Clause, Handler, Response};
use crate::error::{Error, ErrorKind};
use crate::metadata::Metadata;
use crate::runtime::{CallingRun, Cell};

/// The typed client of the actor `A`: one method for each action, each of which makes a [`Call`].
///
/// Comes from [`System::actor`](crate::System::actor) and [`System::actor_by_id`](crate::System::actor_by_id). A clone is cheap.
pub type Client<A> = <A as Actor>::Client;

/// Who made a call from inside an action, and what travels along.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) caller: ActorId,
    pub(crate) metadata: Metadata,
    /// The run that made it; `None` for a call that waited in the store, for which nobody waits.
    pub(crate) run: Option<CallingRun>,
    /// There if the call is a link of a chain.
    pub(crate) piped: Option<Box<Piped>>,
}

/// How a chain of pipes and forwards has come to where it is.
#[derive(Debug)]
pub(crate) struct Piped {
    /// The actions that have gone on, the first one first.
    pub(crate) steps: Vec<(ActorId, &'static str)>,
    /// Who made the call that the chain is to answer, if that is an action.
    pub(crate) waiter: Option<Arc<Origin>>,
}

impl Origin {
    /// The one who waits for the response: of a link, who called the first action of the chain.
    pub(crate) fn waiter(self: &Arc<Self>) -> Option<&Arc<Self>> {
        match &self.piped {
            Some(piped) => piped.waiter.as_ref(),
            None => Some(self),
        }
    }

    /// Nobody waits for the response any more.
    pub(crate) fn stop_waiting(&mut self) {
        if let Some(piped) = &mut self.piped {
            piped.waiter = None;
        }
    }
}

/// The part of a client that is the same for all actors: which actor, and on whose behalf.
pub struct ActorRef<A: Actor> {
    target: Target<A>,
    origin: Option<Arc<Origin>>,
}

/// An actor, or why there is none; the calls report it.
pub(crate) type Target<A> = Result<Arc<Cell<A>>, Unreachable>;

/// Why a client has no actor.
#[derive(Clone, Debug)]
pub(crate) struct Unreachable {
    kind: ErrorKind,
    message: Arc<str>,
}

impl From<Error> for Unreachable {
    fn from(error: Error) -> Self {
        Self { kind: error.kind(), message: error.to_string().into() }
    }
}

impl From<Unreachable> for Error {
    fn from(unreachable: Unreachable) -> Self {
        Self::new(unreachable.kind, String::from(&*unreachable.message))
    }
}

impl<A: Actor> ActorRef<A> {
    pub(crate) fn new(target: Target<A>, origin: Option<Arc<Origin>>) -> Self {
        Self { target, origin }
    }

    /// A call of the clause of `ACTION` for `P`.
    #[doc(hidden)]
    pub fn call<C, const ACTION: usize, P: 'static>(
        &self,
        payload: P,
    ) -> Call<A, P, Response<A::Returned>>
    where
        A: Clause<C, ACTION, P>,
    {
        self.call_with(const { &A::HANDLER }, payload)
    }

    pub(crate) fn call_with<P, R>(
        &self,
        handler: &'static Handler<A, P, R>,
        payload: P,
    ) -> Call<A, P, R> {
        Call::new(self.target.clone(), handler, payload, self.origin.clone())
    }
}

impl<A: Actor> Clone for ActorRef<A> {
    fn clone(&self) -> Self {
        Self { target: self.target.clone(), origin: self.origin.clone() }
    }
}

impl<A: Actor> fmt::Debug for ActorRef<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: &dyn fmt::Display = match &self.target {
            Ok(cell) => &cell.id,
            Err(unreachable) => &unreachable.message,
        };
        write!(f, "Client({shown})")
    }
}
