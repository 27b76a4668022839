//! Running a clause: activation, the call, and undoing what a failed one left.

use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};

use super::cell::ActorClaim;
use super::unwind::{Catch, Panic, catch};
use crate::actor::Actor;
use crate::client::Origin;
use crate::context::Context;
use crate::dispatch::{Failure, Handler, Outcome, Run, Running};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::flow::Flow;
use crate::metadata::Metadata;

/// A payload, and what its clause may want to know of the call.
#[derive(Debug)]
pub(crate) struct Request<P> {
    pub(crate) payload: P,
    pub(crate) origin: Option<Arc<Origin>>,
    pub(crate) metadata: Metadata,
    pub(crate) event: Option<Event>,
}

/// How far a run went without waiting.
pub(crate) enum Ran<A: Actor, P: 'static, R: 'static> {
    Done(Result<R>),
    Suspended(Suspended<A, P, R>),
}

/// A run that waits for something. The future has the actor's state; the claim stays with whoever ran it.
pub(crate) struct Suspended<A: Actor, P: 'static, R: 'static> {
    handler: &'static Handler<A, P, R>,
    stage: Stage<A, P, R>,
}

enum Stage<A: Actor, P: 'static, R: 'static> {
    /// `#[init]` waits; the clause comes after it.
    Init {
        running: Active<A, ()>,
        request: Request<P>,
    },
    Clause(Active<A, R>),
}

/// A future of an action, and what is needed when it ends.
struct Active<A: 'static, R: 'static> {
    future: Catch<Running<A, R>>,
    /// The state before, if a failure has to bring it back.
    before: Option<A>,
    metadata: Metadata,
}

impl<A: Actor> ActorClaim<A> {
    /// Runs the clause as far as it goes without waiting, after activating the actor if it is passive.
    pub(crate) fn run<P, R>(
        &mut self,
        handler: &'static Handler<A, P, R>,
        request: Request<P>,
    ) -> Ran<A, P, R> {
        self.count_run();
        if self.state().is_none() {
            match self.activate() {
                Ok(None) => {}
                Ok(Some(running)) => {
                    let stage = Stage::Init { running, request };
                    return Ran::Suspended(Suspended { handler, stage });
                }
                Err(error) => return Ran::Done(Err(error)),
            }
        }
        match self.start(handler, request) {
            Started::Done(response) => Ran::Done(response),
            Started::Waiting(active) => {
                Ran::Suspended(Suspended { handler, stage: Stage::Clause(active) })
            }
        }
    }

    /// Goes on with a run that waited.
    pub(crate) async fn resume<P, R>(&mut self, suspended: Suspended<A, P, R>) -> Result<R> {
        let Suspended { handler, stage } = suspended;
        let active = match stage {
            Stage::Clause(active) => active,
            Stage::Init { running, request } => {
                let ended = running.future.await;
                self.finish_init(ended, &running.metadata)?;
                match self.start(handler, request) {
                    Started::Done(response) => return response,
                    Started::Waiting(active) => active,
                }
            }
        };
        let ended = active.future.await;
        self.finish(handler.action, ended, active.before, &active.metadata)
    }

    /// Makes or loads the state, and runs `#[init]` as far as it goes without waiting.
    fn activate(&mut self) -> Result<Option<Active<A, ()>>> {
        let state = self.shared().instances.make_state(&self.shared().id)?;
        *self.state() = Some(state);
        self.set_active(true);
        let Some(init) = &A::TABLE.init else { return Ok(None) };
        let request = Request { payload: (), origin: None, metadata: Metadata::new(), event: None };
        match self.start(init, request) {
            Started::Done(Ok(())) => Ok(None),
            Started::Done(Err(cause)) => Err(self.not_activated(cause)),
            Started::Waiting(running) => Ok(Some(running)),
        }
    }

    fn finish_init(&mut self, ended: Ended<A, ()>, metadata: &Metadata) -> Result<()> {
        self.finish("init", ended, None, metadata).map_err(|cause| self.not_activated(cause))
    }

    fn not_activated(&mut self, cause: Error) -> Error {
        self.drop_state();
        Error::new(ErrorKind::Activation, format!("{} could not be activated", self.shared().id))
            .caused_by(cause)
    }

    /// Forgets the state; the next message activates the actor again.
    pub(super) fn drop_state(&mut self) {
        drop(self.take_state());
        self.set_active(false);
    }

    /// Calls the clause. The state is there.
    fn start<P, R>(
        &mut self,
        handler: &'static Handler<A, P, R>,
        request: Request<P>,
    ) -> Started<A, R> {
        let Request { payload, origin, metadata, event } = request;
        // An `async` run takes the state with it, and a panic would take it down.
        let at_risk = handler.mutates || matches!(handler.run, Run::Async(_));
        let before = match (&A::TABLE.state, self.state()) {
            (Some(durable), Some(state)) if at_risk => Some((durable.clone)(state)),
            _ => None,
        };
        let context = |claim: &Self, metadata: &Metadata| {
            Context::new(Arc::clone(claim.cell()) as _, origin, metadata.clone(), event)
        };
        let ended = match handler.run {
            Run::Plain(run) => {
                let Some(state) = self.state() else { return Started::lost(handler.action) };
                catch(|| run(state, payload))
            }
            Run::Lent(run) => {
                let context = context(self, &metadata);
                let Some(state) = self.state() else { return Started::lost(handler.action) };
                catch(|| run(state, &context, payload))
            }
            Run::Async(run) => {
                let context = context(self, &metadata);
                let Some(state) = self.take_state() else { return Started::lost(handler.action) };
                let future = match run(state, context, payload) {
                    Ok(running) => Catch(running),
                    Err((state, failure)) => {
                        let ended = Ok((Some(state), Outcome::failed(failure)));
                        let result = self.settle(handler.action, ended, before, &metadata);
                        return Started::Done(result);
                    }
                };
                let mut active = Active { future, before, metadata };
                return match self.poll_in_place(&mut active.future) {
                    Poll::Pending => Started::Waiting(active),
                    Poll::Ready(ended) => Started::Done(self.finish(
                        handler.action,
                        ended,
                        active.before,
                        &active.metadata,
                    )),
                };
            }
        };
        let ended = ended.map(|outcome| (None, outcome));
        Started::Done(self.settle(handler.action, ended, before, &metadata))
    }

    /// Polls once, where that is the same as in a task of the system's own runtime. Whoever goes on polls again at once, with
    /// a waker of its own, so that this poll needs none.
    fn poll_in_place<F: Future + Unpin>(&self, future: &mut F) -> Poll<F::Output> {
        let home = &self.shared().instances.env.handle;
        let at_home =
            tokio::runtime::Handle::try_current().is_ok_and(|current| current.id() == home.id());
        if !at_home {
            return Poll::Pending;
        }
        std::pin::Pin::new(future).poll(&mut TaskContext::from_waker(Waker::noop()))
    }

    fn finish<R>(
        &mut self,
        action: &'static str,
        ended: Ended<A, R>,
        before: Option<A>,
        metadata: &Metadata,
    ) -> Result<R> {
        let ended = ended.map(|(state, outcome)| (Some(state), outcome));
        self.settle(action, ended, before, metadata)
    }

    /// Makes an outcome true, or undoes what a failed run left.
    fn settle<R>(
        &mut self,
        action: &'static str,
        ended: std::result::Result<(Option<A>, Outcome<A, R>), Panic>,
        before: Option<A>,
        metadata: &Metadata,
    ) -> Result<R> {
        let (returned, outcome) = match ended {
            Ok(ended) => ended,
            Err(Panic(message)) => {
                match before {
                    Some(before) => *self.state() = Some(before),
                    // Nobody knows how the panic left it, and it cannot be brought back: it is made again from the start.
                    None if A::TABLE.state.is_none() => self.drop_state(),
                    None => {}
                }
                let error = Error::new(ErrorKind::Panic, format!("panicked: {message}"));
                return Err(error.at(&self.shared().id, action));
            }
        };
        if let Some(state) = returned {
            *self.state() = Some(state);
        }
        let response = outcome.response.map_err(|failure| match failure {
            Failure::Payload(error) => error,
            Failure::Returned(cause) => Error::new(ErrorKind::Action, "failed").caused_by(cause),
        });
        let released = response.and_then(|response| {
            self.release_flow(outcome.flow, metadata)?;
            Ok(response)
        });
        match released {
            Ok(response) => {
                if let Some(state) = outcome.state {
                    *self.state() = Some(state);
                }
                Ok(response)
            }
            Err(error) => {
                if let Some(before) = before {
                    *self.state() = Some(before);
                }
                Err(error.at(&self.shared().id, action))
            }
        }
    }

    fn release_flow(&self, flow: Option<Box<Flow>>, metadata: &Metadata) -> Result<()> {
        let Some(flow) = flow else { return Ok(()) };
        let instances = &self.shared().instances;
        instances.env.publish(flow.broadcast, Some(&self.shared().id), metadata)
    }
}

type Ended<A, R> = std::result::Result<(A, Outcome<A, R>), Panic>;

enum Started<A: 'static, R: 'static> {
    Done(Result<R>),
    Waiting(Active<A, R>),
}

impl<A: 'static, R: 'static> Started<A, R> {
    /// The claim is only given on with the state in its place, so this is not reached.
    fn lost(action: &'static str) -> Self {
        Self::Done(Err(Error::new(ErrorKind::Activation, format!("`{action}` found no state"))))
    }
}
