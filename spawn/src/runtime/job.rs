//! The part of a run that depends on the types of the payload and of the response.
//!
//! A program has many actions, and an actor's code is compiled again for whatever is generic over their types. So only the short way of a
//! call knows them (`call::begin`); everything else asks a [`Job`] through [`AnyJob`], and is compiled once for an actor.

use std::any::Any;
use std::mem;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, ready};

use super::ask::{AnyAsk, Ask, NewAsk};
use super::cell::ActorClaim;
use super::claim::{Envelope, Sheet};
use super::run::{Request, Source};
use crate::actor::Actor;
use crate::context::Context;
use crate::dispatch::{Failure, Handler, Outcome, Run, Running};
use crate::error::{Error, ErrorKind, Result};
use crate::flow::Answered;
use crate::parcel::Parcel;

/// A clause with what it is called with, then with what it came to.
pub(crate) struct Job<A: 'static, P: 'static, R: 'static> {
    handler: &'static Handler<A, P, R>,
    step: Step<A, P, R>,
}

enum Step<A: 'static, P, R: 'static> {
    /// The clause was not called yet.
    Payload(P),
    /// The future of an `async` action.
    Running(Running<A, R>),
    Response(R),
    /// There was no response, it was given out, or the job is done elsewhere.
    Empty,
}

/// What is known of a clause without its types.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClauseInfo {
    pub(crate) action: &'static str,
    /// Whether a run that fails may leave a state that has to be undone.
    pub(crate) mutates: bool,
    /// Whether it waits for nothing and is lent nothing.
    pub(crate) is_plain: bool,
    pub(crate) is_async: bool,
}

/// What a clause came to, if that is more than a response.
type Left<A> = Option<Box<Outcome<A, ()>>>;

/// A job that waits: the envelope is for the mailbox, and there if it waits there.
type LeftJob<A> = (Option<Envelope<ActorClaim<A>>>, Arc<dyn AnyAsk<A>>);

/// A job for an actor, whatever the types of the payload and of the response.
pub(crate) trait AnyJob<A: Actor>: Send {
    fn clause(&self) -> ClauseInfo;

    /// Calls a clause that is not `async`. The response stays here; it gives what else there is.
    fn call(&mut self, state: &mut A, context: Option<&Context>) -> Left<A>;

    /// Calls one that is: the state is in the job from here on.
    fn begin(&mut self, state: A, context: Context) -> std::result::Result<(), (A, Failure)>;

    /// Goes on with one that is, and puts the state back when it has ended. The response stays here; it gives what else there is.
    fn poll(&mut self, state: &mut Option<A>, cx: &mut TaskContext<'_>) -> Poll<Left<A>>;

    /// Forgets the payload, the future and the response.
    fn clear(&mut self);

    /// Packs the response.
    fn keep(&self) -> Result<Parcel>;

    /// Takes a response that was packed.
    ///
    /// # Errors
    /// If it is none.
    fn restore(&mut self, kept: Parcel) -> Result<()>;

    /// Moves the job to where it waits.
    fn leave(&mut self, ask: NewAsk) -> LeftJob<A>;

    /// Takes over what has become of the same job elsewhere.
    fn fetch(&mut self, from: &mut dyn AnyJob<A>);

    fn as_any(&mut self) -> &mut dyn Any;
}

/// A job, and what is known of the call that it comes from.
pub(crate) struct Work<J: ?Sized> {
    pub(crate) request: Request,
    pub(crate) job: J,
}

impl<J> Work<J> {
    pub(super) fn new(request: Request, job: J) -> Self {
        Self { request, job }
    }
}

impl<A: Actor> Work<dyn AnyJob<A>> {
    /// What has to be known to make the actor ready.
    pub(super) fn parts(&self) -> (ClauseInfo, Source) {
        (self.job.clause(), self.request.source.clone())
    }
}

impl<A: 'static, P: 'static, R: 'static> Job<A, P, R> {
    pub(crate) fn new(handler: &'static Handler<A, P, R>, payload: P) -> Self {
        Self { handler, step: Step::Payload(payload) }
    }

    /// One whose clause was called already; see [`finish`](Self::finish).
    pub(super) fn called(handler: &'static Handler<A, P, R>) -> Self {
        Self { handler, step: Step::Empty }
    }

    #[inline]
    pub(crate) fn handler(&self) -> &'static Handler<A, P, R> {
        self.handler
    }

    #[inline]
    pub(crate) fn take_payload(&mut self) -> Option<P> {
        match mem::replace(&mut self.step, Step::Empty) {
            Step::Payload(payload) => Some(payload),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn take_response(&mut self) -> Option<R> {
        match mem::replace(&mut self.step, Step::Empty) {
            Step::Response(response) => Some(response),
            _ => None,
        }
    }

    /// Keeps the response of a run; it gives what else there is.
    #[inline]
    pub(crate) fn finish(&mut self, outcome: Outcome<A, R>) -> Left<A> {
        let Outcome { response, state, flow } = outcome;
        let response = match response {
            Ok(Answered::Here(response)) => {
                self.step = Step::Response(response);
                if state.is_none() && flow.is_none() {
                    return None;
                }
                Ok(Answered::Here(()))
            }
            Ok(Answered::Onward(onward)) => Ok(Answered::Onward(onward)),
            Err(failure) => Err(failure),
        };
        Some(Box::new(Outcome { response, state, flow }))
    }
}

/// A job is called once, in the way that its clause wants to be, so this is not reached.
#[cold]
fn called_again<A>() -> Outcome<A, ()> {
    Outcome::failed(again())
}

#[cold]
fn again() -> Failure {
    Failure::Payload(Error::new(ErrorKind::Stopped, "the call was run before"))
}

impl<A: Actor, P: Send + 'static, R: Send + 'static> AnyJob<A> for Job<A, P, R> {
    fn clause(&self) -> ClauseInfo {
        let Handler { action, mutates, run, .. } = self.handler;
        ClauseInfo {
            action,
            mutates: *mutates,
            is_plain: matches!(run, Run::Plain(_)),
            is_async: matches!(run, Run::Async(_)),
        }
    }

    fn call(&mut self, state: &mut A, context: Option<&Context>) -> Left<A> {
        let Some(payload) = self.take_payload() else { return Some(Box::new(called_again())) };
        let outcome = match (self.handler.run, context) {
            (Run::Plain(run), _) => run(state, payload),
            (Run::Lent(run), Some(context)) => run(state, context, payload),
            (Run::Lent(_) | Run::Async(_), _) => return Some(Box::new(called_again())),
        };
        self.finish(outcome)
    }

    fn begin(&mut self, state: A, context: Context) -> std::result::Result<(), (A, Failure)> {
        let (Run::Async(run), Some(payload)) = (self.handler.run, self.take_payload()) else {
            return Err((state, again()));
        };
        self.step = Step::Running(run(state, context, payload)?);
        Ok(())
    }

    fn poll(&mut self, state: &mut Option<A>, cx: &mut TaskContext<'_>) -> Poll<Left<A>> {
        let Step::Running(running) = &mut self.step else {
            return Poll::Ready(Some(Box::new(called_again())));
        };
        let (ended, outcome) = ready!(running.as_mut().poll(cx));
        *state = Some(ended);
        // With the context in it, where the future has it still.
        self.step = Step::Empty;
        Poll::Ready(self.finish(outcome))
    }

    fn clear(&mut self) {
        self.step = Step::Empty;
    }

    fn keep(&self) -> Result<Parcel> {
        match &self.step {
            Step::Response(response) => Ok((self.handler.codec.pack)(response)),
            _ => Err(Error::stopped()),
        }
    }

    fn restore(&mut self, kept: Parcel) -> Result<()> {
        self.step = Step::Response((self.handler.codec.unpack)(kept)?);
        Ok(())
    }

    fn leave(&mut self, ask: NewAsk) -> LeftJob<A> {
        let step = mem::replace(&mut self.step, Step::Empty);
        let waits_in_mailbox = ask.in_mailbox;
        let ask = Ask::new(ask, Self { handler: self.handler, step });
        if waits_in_mailbox {
            let (envelope, sheet) = Envelope::shared(ask);
            (Some(envelope), sheet)
        } else {
            (None, Sheet::new(ask))
        }
    }

    fn fetch(&mut self, from: &mut dyn AnyJob<A>) {
        if let Some(from) = from.as_any().downcast_mut::<Self>() {
            self.step = mem::replace(&mut from.step, Step::Empty);
        }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
