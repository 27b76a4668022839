//! Running a clause, in place as far as that goes.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};

use tracing::span::Entered;

use super::cell::{ActorClaim, Shared};
use super::inside;
use super::onward::Answer;
use super::settle::Settled;
use super::unwind::{Catch, Panic, catch};
use crate::actor::{Actor, Kind};
use crate::client::Origin;
use crate::commit::Draft;
use crate::context::Context;
use crate::delivery;
use crate::dispatch::{Failure, Handler, Method, Outcome, Run, Running};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::flow::Answered;
use crate::metadata::Metadata;
use crate::observe::{self, Watch};
use crate::store::{CallId, DeadLetterId, SubscriptionId};

/// A payload, and what its clause may want to know of the call.
#[derive(Debug)]
pub(crate) struct Request<P> {
    pub(crate) payload: P,
    pub(crate) origin: Option<Arc<Origin>>,
    pub(crate) metadata: Metadata,
    pub(crate) source: Source,
}

/// Where a message comes from, and so what its commit consumes.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// Someone waits for the response, or nobody does; nothing is consumed.
    Call,
    /// As `Call`, with a key under which the response is kept.
    Keyed(Arc<str>),
    /// An event of a subscription.
    Event(Event, SubscriptionId),
    /// A call that waits in the store, and how often it was made, this time included.
    Stored(CallId, u32),
    /// A dead letter, with its event if it is about one.
    Letter(DeadLetterId, Option<Event>),
    /// The clock; nobody waits for the response, and nothing is consumed.
    Timer,
}

impl Source {
    /// How often it was tried, this time included.
    pub(crate) fn attempt(&self) -> u32 {
        match self {
            Self::Event(event, _) | Self::Letter(_, Some(event)) => event.attempt(),
            Self::Stored(_, attempt) => *attempt,
            Self::Call | Self::Keyed(_) | Self::Letter(_, None) | Self::Timer => 1,
        }
    }

    /// Whether the response is kept under a key.
    pub(crate) fn is_keyed(&self) -> bool {
        matches!(self, Self::Keyed(_))
    }

    /// Whether the message was in the store.
    pub(crate) fn is_stored(&self) -> bool {
        matches!(self, Self::Stored(..) | Self::Letter(..))
    }

    /// Whether a message from there leaves nothing behind that would have to be saved.
    fn is_free(&self) -> bool {
        match self {
            Self::Call | Self::Timer => true,
            Self::Event(event, subscription) => delivery::key(event, *subscription).is_none(),
            Self::Keyed(_) | Self::Stored(..) | Self::Letter(..) => false,
        }
    }

    pub(crate) fn event(&self) -> Option<&Event> {
        match self {
            Self::Event(event, _) => Some(event),
            Self::Letter(_, event) => event.as_ref(),
            Self::Call | Self::Keyed(_) | Self::Stored(..) | Self::Timer => None,
        }
    }
}

/// How far a run went without waiting.
pub(crate) enum Ran<A: Actor, P: 'static, R: 'static> {
    Done(Result<Answer<R>>),
    /// The response may be let out when what it rests on is saved: see [`ActorClaim::hold`].
    Held(Result<Answer<R>>, Option<Box<Draft>>),
    Suspended(Suspended<A, P, R>),
}

/// A run that waits for something. The future has the actor's state; the claim stays with whoever ran it.
pub(crate) struct Suspended<A: Actor, P: 'static, R: 'static> {
    handler: &'static Handler<A, P, R>,
    stage: Stage<A, P, R>,
}

enum Stage<A: Actor, P: 'static, R: 'static> {
    /// The actor is not ready for the clause: it is passive, or what the clause would see is not saved.
    Prepare(Request<P>),
    Clause(Active<A, R>),
}

/// A future of an action, and what is needed when it ends.
pub(super) struct Active<A: 'static, R: 'static> {
    future: Catch<Running<A, R>>,
    about: About,
}

/// What is known of a run beside its outcome.
pub(super) struct About {
    pub(super) metadata: Metadata,
    pub(super) source: Source,
    pub(super) origin: Option<Arc<Origin>>,
    /// There if somebody watches the run.
    pub(super) watch: Option<Box<Watch>>,
}

impl About {
    /// What is said until the guard is dropped is said in the run's span, if it has one.
    fn enter(&self) -> Option<Entered<'_>> {
        self.watch.as_deref().map(|watch| watch.span().enter())
    }
}

/// How the call of a clause has ended.
pub(crate) type Ended<A, R> = std::result::Result<Outcome<A, R>, Panic>;

pub(super) enum Started<A: 'static, R: 'static> {
    Settled(Settled<R>),
    Waiting(Active<A, R>),
}

impl<A: Actor> ActorClaim<A> {
    /// Runs the clause as far as it goes without waiting, after activating the actor if it is passive.
    pub(crate) fn run<P, R>(
        &mut self,
        handler: &'static Handler<A, P, R>,
        request: Request<P>,
    ) -> Ran<A, P, R> {
        self.count_run(matches!(request.source, Source::Timer));
        if const { matches!(A::TABLE.kind, Kind::Task) } {
            self.drop_state();
        }
        if let Run::Plain(run) = handler.run
            && request.source.is_free()
            && self.is_at_rest()
            && !self.is_watched()
        {
            let Request { payload, origin, metadata, source } = request;
            return match self.run_free(handler, run, payload) {
                Ok(response) => Ran::Done(Ok(Answered::Here(response))),
                Err(ended) => self.conclude_free(handler, ended, origin, metadata, source),
            };
        }
        match self.prepare_in_place(handler, &request) {
            Some(Ok(())) => {}
            Some(Err(error)) => return Ran::Done(Err(error)),
            None => {
                return Ran::Suspended(Suspended { handler, stage: Stage::Prepare(request) });
            }
        }
        match self.start(handler, request) {
            Started::Settled(settled) => self.conclude(settled),
            Started::Waiting(active) => {
                Ran::Suspended(Suspended { handler, stage: Stage::Clause(active) })
            }
        }
    }

    /// As [`run`](Self::run), for a clause that does not wait, of an actor that is at rest, and a message that nothing is consumed
    /// with. Most of them leave nothing but a response; of the others it gives what has to be concluded.
    #[inline]
    pub(crate) fn run_free<P, R>(
        &mut self,
        handler: &'static Handler<A, P, R>,
        run: Method<A, P, R>,
        payload: P,
    ) -> std::result::Result<R, Ended<A, R>> {
        self.count_run(false);
        let Some(state) = self.state() else {
            return Err(Ok(Outcome::failed(Failure::Payload(lost(handler.action)))));
        };
        match catch(|| run(state, payload)) {
            Ok(Outcome { response: Ok(Answered::Here(response)), state: None, flow: None })
                if A::TABLE.state.is_none() || !handler.mutates =>
            {
                Ok(response)
            }
            ended => Err(ended),
        }
    }

    /// What comes after a [`run_free`](Self::run_free) that has left something.
    pub(crate) fn conclude_free<P, R>(
        &mut self,
        handler: &'static Handler<A, P, R>,
        ended: Ended<A, R>,
        origin: Option<Arc<Origin>>,
        metadata: Metadata,
        source: Source,
    ) -> Ran<A, P, R> {
        let about = About { metadata, source, origin, watch: None };
        let settled = self.settle(handler, ended, &about);
        self.conclude(settled)
    }

    /// Goes on with a run that waited. What comes of it is never suspended again.
    #[expect(clippy::manual_async_fn, reason = "one that is `async` holds its arguments twice")]
    pub(crate) fn resume<P, R>(
        &mut self,
        suspended: Suspended<A, P, R>,
    ) -> impl Future<Output = (Result<Answer<R>>, Option<Option<Box<Draft>>>)> {
        async move {
            let Suspended { handler, stage } = suspended;
            let settled = match stage {
                Stage::Clause(active) => self.wait(handler, active).await,
                Stage::Prepare(request) => {
                    match self.prepare(handler, request.source.clone()).await {
                        Err(error) => return (Err(error), None),
                        Ok(Some(kept)) => {
                            let Request { origin, metadata, source, .. } = request;
                            let about = About { metadata, source, origin, watch: None };
                            return (self.again(handler, kept, &about), None);
                        }
                        Ok(None) => match self.start(handler, request) {
                            Started::Settled(settled) => settled,
                            Started::Waiting(active) => self.wait(handler, active).await,
                        },
                    }
                }
            };
            match self.conclude::<P, R>(settled) {
                Ran::Held(response, draft) => (response, Some(draft)),
                Ran::Done(response) => (response, None),
                Ran::Suspended(_) => (Err(Error::stopped()), None),
            }
        }
    }

    #[expect(clippy::manual_async_fn, reason = "one that is `async` holds its arguments twice")]
    pub(super) fn wait<P, R>(
        &mut self,
        handler: &'static Handler<A, P, R>,
        mut active: Active<A, R>,
    ) -> impl Future<Output = Settled<R>> {
        async move {
            self.shared().begin_running(handler.action);
            let env = self.env();
            let ended = std::future::poll_fn(|cx| {
                let _entered = active.about.enter();
                let _inside = inside::Inside::enter(env);
                Pin::new(&mut active.future).poll(cx)
            })
            .await;
            self.shared().end_running();
            let Active { future, about } = active;
            // With the context in it, where the future has it still.
            drop(future);
            let _entered = about.enter();
            self.finish(handler, ended, &about)
        }
    }

    /// Calls the clause. The state is there.
    pub(super) fn start<P, R>(
        &mut self,
        handler: &'static Handler<A, P, R>,
        request: Request<P>,
    ) -> Started<A, R> {
        let Request { payload, origin, metadata, source } = request;
        let mut about = About { metadata, source, origin, watch: None };
        if self.is_watched() {
            self.watch(handler.action, &mut about);
        }
        let context = |claim: &mut Self, about: &About| {
            let tags = claim.body().tags().cloned();
            let event = about.source.event().cloned();
            let (origin, metadata) = (about.origin.clone(), about.metadata.clone());
            Context::new(Arc::clone(claim.cell()) as _, origin, metadata, event, tags)
        };
        let ended = match handler.run {
            Run::Plain(run) => {
                let Some(state) = self.state() else { return Started::lost(handler.action) };
                catch(|| run(state, payload))
            }
            Run::Lent(run) => {
                let context = context(self, &about);
                let Some(state) = self.state() else { return Started::lost(handler.action) };
                catch(|| run(state, &context, payload))
            }
            Run::Async(run) => {
                let context = context(self, &about);
                let Some(state) = self.take_state() else { return Started::lost(handler.action) };
                let mut future = match run(state, context, payload) {
                    Ok(running) => Catch(running),
                    Err((state, failure)) => {
                        let ended = Ok((state, Outcome::failed(failure)));
                        return Started::Settled(self.finish(handler, ended, &about));
                    }
                };
                return match self.poll_in_place(&mut future) {
                    Poll::Pending => {
                        if let Some(watch) = &mut about.watch {
                            watch.pause();
                        }
                        Started::Waiting(Active { future, about })
                    }
                    Poll::Ready(ended) => Started::Settled(self.finish(handler, ended, &about)),
                };
            }
        };
        let settled = self.settle(handler, ended, &about);
        self.ended(handler.action, &about);
        Started::Settled(settled)
    }

    /// Whether somebody wants to know of the actor's runs.
    #[inline]
    pub(super) fn is_watched(&self) -> bool {
        self.shared().instances.meters.is_some() || observe::is_traced()
    }

    /// Begins to watch a run, in its span.
    #[cold]
    #[inline(never)]
    fn watch(&self, action: &'static str, about: &mut About) {
        let Shared { id, instances, .. } = self.shared();
        let run = observe::Run { actor: A::TABLE.name, id, action, source: &about.source };
        let meters = instances.meters.as_deref();
        about.watch = Some(Box::new(Watch::begin(&run, &mut about.metadata, meters)));
        self.shared().begin_watched(action);
    }

    /// A run has ended.
    #[inline]
    fn ended(&mut self, action: &'static str, about: &About) {
        if let Some(watch) = &about.watch {
            self.end_watch(action, watch);
        }
    }

    #[cold]
    #[inline(never)]
    fn end_watch(&mut self, action: &'static str, watch: &Watch) {
        let kept = self.body().kept.as_ref().filter(|_| A::TABLE.state.is_some());
        let revision = kept.map(|kept| kept.revision.0);
        watch.end(action, revision, self.shared().instances.meters.as_deref());
        self.shared().end_running();
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
        let _inside = inside::Inside::enter(self.env());
        Pin::new(future).poll(&mut TaskContext::from_waker(Waker::noop()))
    }

    /// As [`settle`](Self::settle), for a run that had the state.
    fn finish<P, R>(
        &mut self,
        handler: &'static Handler<A, P, R>,
        ended: std::result::Result<(A, Outcome<A, R>), Panic>,
        about: &About,
    ) -> Settled<R> {
        let ended = ended.map(|(state, outcome)| {
            *self.state() = Some(state);
            outcome
        });
        let settled = self.settle(handler, ended, about);
        self.ended(handler.action, about);
        settled
    }
}

impl<A: 'static, R: 'static> Started<A, R> {
    /// The claim is only given on with the state in its place, so this is not reached.
    fn lost(action: &'static str) -> Self {
        Self::Settled(Settled { response: Err(lost(action)), draft: None })
    }
}

fn lost(action: &'static str) -> Error {
    Error::new(ErrorKind::Activation, format!("`{action}` found no state"))
}
