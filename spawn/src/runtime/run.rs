//! Running a clause, in place as far as that goes.

use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};

use parking_lot::Mutex;
use tracing::span::Entered;

use super::cell::{ActorClaim, Shared};
use super::inside;
use super::job::{AnyJob, ClauseInfo, Work};
use super::onward::Answer;
use super::settle::Settled;
use super::unwind::{Panic, catch};
use crate::actor::{Actor, Kind};
use crate::client::Origin;
use crate::commit::Draft;
use crate::context::Context;
use crate::delivery;
use crate::dispatch::{Failure, Handler, Method, Outcome};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::flow::Answered;
use crate::metadata::Metadata;
use crate::observe::{self, Watch};
use crate::store::{CallId, DeadLetterId, SubscriptionId};

/// What a clause may want to know of the call, beside the payload.
#[derive(Debug)]
pub(crate) struct Request {
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
    #[inline]
    pub(super) fn is_free(&self) -> bool {
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

/// How far a run went without waiting. The response is in the job.
pub(crate) enum Ran {
    Done(Result<Answer>),
    /// The response may be let out when what it rests on is saved: see [`ActorClaim::hold`].
    Held(Result<Answer>, Option<Box<Draft>>),
    Suspended(Suspended),
}

/// What a run waits for. The job has the actor's state if the clause has begun; the claim stays with whoever ran it.
pub(crate) enum Suspended {
    /// The actor is not ready for the clause: it is passive, or what the clause would see is not saved.
    Prepare,
    /// The clause; there is something with it if somebody watches the run.
    Clause(Option<Box<Watch>>),
}

/// What is said until the guard is dropped is said in the run's span, if it has one.
fn enter(watch: Option<&Watch>) -> Option<Entered<'_>> {
    watch.map(|watch| watch.span().enter())
}

/// How the call of a clause has ended: with nothing but a response that is in the job, mostly. A pointer, so that it costs nothing to
/// hand on.
pub(crate) type Ended<A> = std::result::Result<Option<Box<Outcome<A, ()>>>, Panic>;

pub(super) enum Started {
    Settled(Settled),
    Waiting(Option<Box<Watch>>),
}

impl<A: Actor> ActorClaim<A> {
    /// Runs the clause as far as it goes without waiting, after activating the actor if it is passive.
    pub(crate) fn run(&mut self, job: &mut dyn AnyJob<A>, request: &mut Request) -> Ran {
        self.count_run(matches!(request.source, Source::Timer));
        if const { matches!(A::TABLE.kind, Kind::Task) } {
            self.drop_state();
        }
        let clause = job.clause();
        if clause.is_plain
            && request.source.is_free()
            && self.shared().is_saved()
            && !self.is_watched()
            && let Some(state) = self.state()
        {
            return match catch(|| job.call(state, None)) {
                Ok(None) if saves_nothing::<A>(clause) => Ran::Done(Ok(Answered::Here(()))),
                ended => self.conclude_free(job, ended, request),
            };
        }
        match self.prepare_in_place(clause, &request.source) {
            Some(Ok(())) => {}
            Some(Err(error)) => return Ran::Done(Err(error)),
            None => return Ran::Suspended(Suspended::Prepare),
        }
        match self.start(job, clause, request) {
            Started::Settled(settled) => self.conclude(settled),
            Started::Waiting(watch) => Ran::Suspended(Suspended::Clause(watch)),
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
    ) -> std::result::Result<R, std::result::Result<Outcome<A, R>, Panic>> {
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

    /// What comes after a [`run_free`](Self::run_free) that has left something. The response is in the job.
    #[inline(never)]
    pub(crate) fn conclude_free(
        &mut self,
        job: &mut dyn AnyJob<A>,
        ended: Ended<A>,
        request: &Request,
    ) -> Ran {
        let settled = self.settle(job, job.clause(), ended, request, None);
        self.conclude(settled)
    }

    /// Goes on with a run that waited. What comes of it is never suspended again.
    #[expect(clippy::manual_async_fn, reason = "one that is `async` holds its arguments twice")]
    pub(crate) fn resume(
        &mut self,
        work: &Mutex<Work<dyn AnyJob<A>>>,
        suspended: Suspended,
    ) -> impl Future<Output = (Result<Answer>, Option<Option<Box<Draft>>>)> {
        async move {
            let started = match suspended {
                Suspended::Clause(watch) => Started::Waiting(watch),
                Suspended::Prepare => {
                    let (clause, source) = work.lock().parts();
                    match self.prepare(clause, source).await {
                        Err(error) => return (Err(error), None),
                        Ok(Some(kept)) => return (self.again(&mut work.lock(), kept), None),
                        Ok(None) => {}
                    }
                    self.start_work(&mut work.lock())
                }
            };
            let settled = match started {
                Started::Settled(settled) => settled,
                Started::Waiting(watch) => self.wait(work, watch).await,
            };
            match self.conclude(settled) {
                Ran::Held(response, draft) => (response, Some(draft)),
                Ran::Done(response) => (response, None),
                Ran::Suspended(_) => (Err(Error::stopped()), None),
            }
        }
    }

    /// Calls the clause. The state is there.
    pub(super) fn start_work(&mut self, work: &mut Work<dyn AnyJob<A>>) -> Started {
        let clause = work.job.clause();
        self.start(&mut work.job, clause, &mut work.request)
    }

    #[expect(clippy::manual_async_fn, reason = "one that is `async` holds its arguments twice")]
    pub(super) fn wait(
        &mut self,
        work: &Mutex<Work<dyn AnyJob<A>>>,
        watch: Option<Box<Watch>>,
    ) -> impl Future<Output = Settled> {
        async move {
            let clause = work.lock().job.clause();
            self.shared().begin_running(clause.action);
            let ended = std::future::poll_fn(|cx| {
                let _entered = enter(watch.as_deref());
                self.poll_running(&mut work.lock().job, cx)
            })
            .await;
            self.shared().end_running();
            let _entered = enter(watch.as_deref());
            let mut work = work.lock();
            let Work { job, request } = &mut *work;
            let settled = self.settle(job, clause, ended, request, watch.as_deref());
            self.ended(clause.action, watch.as_deref());
            settled
        }
    }

    /// Calls the clause. The state is there.
    pub(super) fn start(
        &mut self,
        job: &mut dyn AnyJob<A>,
        clause: ClauseInfo,
        request: &mut Request,
    ) -> Started {
        let mut watch = self.is_watched().then(|| Box::new(self.watch(clause.action, request)));
        let ended = if clause.is_async {
            let context = self.context(request);
            let Some(state) = self.take_state() else { return Started::lost(clause.action) };
            match job.begin(state, context) {
                Ok(()) => match self.poll_in_place(job) {
                    Poll::Ready(ended) => ended,
                    Poll::Pending => {
                        if let Some(watch) = &mut watch {
                            watch.pause();
                        }
                        return Started::Waiting(watch);
                    }
                },
                Err((state, failure)) => {
                    *self.state() = Some(state);
                    Ok(Some(Box::new(Outcome::failed(failure))))
                }
            }
        } else {
            let context = if clause.is_plain { None } else { Some(self.context(request)) };
            let Some(state) = self.state() else { return Started::lost(clause.action) };
            catch(|| job.call(state, context.as_ref()))
        };
        let settled = self.settle(job, clause, ended, request, watch.as_deref());
        self.ended(clause.action, watch.as_deref());
        Started::Settled(settled)
    }

    fn context(&mut self, request: &Request) -> Context {
        let tags = self.body().tags().cloned();
        let event = request.source.event().cloned();
        let (origin, metadata) = (request.origin.clone(), request.metadata.clone());
        Context::new(Arc::clone(self.cell()) as _, origin, metadata, event, tags)
    }

    /// Whether somebody wants to know of the actor's runs.
    #[inline]
    pub(super) fn is_watched(&self) -> bool {
        self.shared().instances.meters.is_some() || observe::is_traced()
    }

    /// Begins to watch a run, in its span.
    #[cold]
    #[inline(never)]
    fn watch(&self, action: &'static str, request: &mut Request) -> Watch {
        let Shared { id, instances, .. } = self.shared();
        let run = observe::Run { actor: A::TABLE.name, id, action, source: &request.source };
        let meters = instances.meters.as_deref();
        let watch = Watch::begin(&run, &mut request.metadata, meters);
        self.shared().begin_watched(action);
        watch
    }

    /// A run has ended.
    #[inline]
    fn ended(&mut self, action: &'static str, watch: Option<&Watch>) {
        if let Some(watch) = watch {
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
    fn poll_in_place(&mut self, job: &mut dyn AnyJob<A>) -> Poll<Ended<A>> {
        if !self.env().is_home() {
            return Poll::Pending;
        }
        self.poll_running(job, &mut TaskContext::from_waker(Waker::noop()))
    }

    /// Goes on with an `async` action, which gives the state back when it ends.
    fn poll_running(
        &mut self,
        job: &mut dyn AnyJob<A>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Ended<A>> {
        let _inside = inside::Inside::enter(self.env());
        let state = self.state();
        match catch(|| job.poll(state, cx)) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(ended)) => Poll::Ready(Ok(ended)),
            Err(panic) => {
                job.clear();
                Poll::Ready(Err(panic))
            }
        }
    }
}

impl Started {
    /// The claim is only given on with the state in its place, so this is not reached.
    fn lost(action: &'static str) -> Self {
        Self::Settled(Settled { response: Err(lost(action)), draft: None })
    }
}

/// Whether nothing has to be saved after a clause that leaves nothing but a response.
#[inline]
pub(super) fn saves_nothing<A: Actor>(clause: ClauseInfo) -> bool {
    A::TABLE.state.is_none() || !clause.mutates
}

fn lost(action: &'static str) -> Error {
    Error::new(ErrorKind::Activation, format!("`{action}` found no state"))
}
