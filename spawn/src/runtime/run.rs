//! Running a clause, in place as far as that goes.

use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};

use parking_lot::Mutex;
use tracing::span::Entered;

use super::cell::{ActorClaim, Shared};
use super::inside;
use super::job::{AnyJob, Work};
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
use crate::system::Env;

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
    Prepare(Request),
    Clause(About),
}

/// What is known of a run beside its outcome.
pub(crate) struct About {
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

/// The same of an `async` action, which had the state.
type EndedAsync<A> = std::result::Result<(A, Outcome<A, ()>), Panic>;

pub(super) enum Started {
    Settled(Settled),
    Waiting(About),
}

impl<A: Actor> ActorClaim<A> {
    /// Runs the clause as far as it goes without waiting, after activating the actor if it is passive.
    pub(crate) fn run(&mut self, job: &mut dyn AnyJob<A>, request: Request) -> Ran {
        self.count_run(matches!(request.source, Source::Timer));
        if const { matches!(A::TABLE.kind, Kind::Task) } {
            self.drop_state();
        }
        let clause = job.clause();
        let is_free = clause.is_plain && request.source.is_free() && self.is_at_rest();
        if !is_free || self.is_watched() {
            match self.prepare_in_place(clause, &request) {
                Some(Ok(())) => {}
                Some(Err(error)) => return Ran::Done(Err(error)),
                None => return Ran::Suspended(Suspended::Prepare(request)),
            }
        }
        match self.start(job, request) {
            Started::Settled(settled) => self.conclude(settled),
            Started::Waiting(about) => Ran::Suspended(Suspended::Clause(about)),
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

    /// What comes after a [`run_free`](Self::run_free) that has left something. The response is in the job.
    pub(crate) fn conclude_free(
        &mut self,
        job: &mut dyn AnyJob<A>,
        ended: Ended<A, ()>,
        origin: Option<Arc<Origin>>,
        metadata: Metadata,
        source: Source,
    ) -> Ran {
        let about = About { metadata, source, origin, watch: None };
        let settled = self.settle(job, ended, &about);
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
            let settled = match suspended {
                Suspended::Clause(about) => self.wait(work, about).await,
                Suspended::Prepare(request) => {
                    let clause = work.lock().job.clause();
                    match self.prepare(clause, request.source.clone()).await {
                        Err(error) => return (Err(error), None),
                        Ok(Some(kept)) => {
                            let Request { origin, metadata, source } = request;
                            let about = About { metadata, source, origin, watch: None };
                            return (self.again(&mut work.lock().job, kept, &about), None);
                        }
                        Ok(None) => {
                            let started = self.start(&mut work.lock().job, request);
                            match started {
                                Started::Settled(settled) => settled,
                                Started::Waiting(about) => self.wait(work, about).await,
                            }
                        }
                    }
                }
            };
            match self.conclude(settled) {
                Ran::Held(response, draft) => (response, Some(draft)),
                Ran::Done(response) => (response, None),
                Ran::Suspended(_) => (Err(Error::stopped()), None),
            }
        }
    }

    #[expect(clippy::manual_async_fn, reason = "one that is `async` holds its arguments twice")]
    pub(super) fn wait(
        &mut self,
        work: &Mutex<Work<dyn AnyJob<A>>>,
        about: About,
    ) -> impl Future<Output = Settled> {
        async move {
            self.shared().begin_running(work.lock().job.clause().action);
            let env = self.env();
            let ended = std::future::poll_fn(|cx| {
                let _entered = about.enter();
                go_on(env, &mut work.lock().job, cx)
            })
            .await;
            self.shared().end_running();
            let _entered = about.enter();
            self.finish(&mut work.lock().job, ended, &about)
        }
    }

    /// Calls the clause. The state is there.
    pub(super) fn start(&mut self, job: &mut dyn AnyJob<A>, request: Request) -> Started {
        let Request { origin, metadata, source } = request;
        let mut about = About { metadata, source, origin, watch: None };
        let clause = job.clause();
        if self.is_watched() {
            self.watch(clause.action, &mut about);
        }
        let context = match clause.is_plain {
            true => None,
            false if clause.is_async => {
                let context = self.context(&about);
                return self.start_async(job, context, about);
            }
            false => Some(self.context(&about)),
        };
        let Some(state) = self.state() else { return Started::lost(clause.action) };
        let ended = catch(|| job.call(state, context.as_ref()));
        drop(context);
        let settled = self.settle(job, ended, &about);
        self.ended(clause.action, &about);
        Started::Settled(settled)
    }

    fn start_async(
        &mut self,
        job: &mut dyn AnyJob<A>,
        context: Context,
        mut about: About,
    ) -> Started {
        let Some(state) = self.take_state() else { return Started::lost(job.clause().action) };
        if let Err((state, failure)) = job.begin(state, context) {
            let ended = Ok((state, Outcome::failed(failure)));
            return Started::Settled(self.finish(job, ended, &about));
        }
        match self.poll_in_place(job) {
            Poll::Pending => {
                if let Some(watch) = &mut about.watch {
                    watch.pause();
                }
                Started::Waiting(about)
            }
            Poll::Ready(ended) => Started::Settled(self.finish(job, ended, &about)),
        }
    }

    fn context(&mut self, about: &About) -> Context {
        let tags = self.body().tags().cloned();
        let event = about.source.event().cloned();
        let (origin, metadata) = (about.origin.clone(), about.metadata.clone());
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
    fn poll_in_place(&self, job: &mut dyn AnyJob<A>) -> Poll<EndedAsync<A>> {
        if !self.env().is_home() {
            return Poll::Pending;
        }
        go_on(self.env(), job, &mut TaskContext::from_waker(Waker::noop()))
    }

    /// As [`settle`](Self::settle), for a run that had the state.
    fn finish(&mut self, job: &mut dyn AnyJob<A>, ended: EndedAsync<A>, about: &About) -> Settled {
        let ended = ended.map(|(state, outcome)| {
            *self.state() = Some(state);
            outcome
        });
        let settled = self.settle(job, ended, about);
        self.ended(job.clause().action, about);
        settled
    }
}

/// Goes on with an `async` action. It has let go of what it had when it has ended.
fn go_on<A: Actor>(
    env: &Arc<Env>,
    job: &mut dyn AnyJob<A>,
    cx: &mut TaskContext<'_>,
) -> Poll<EndedAsync<A>> {
    let _inside = inside::Inside::enter(env);
    match catch(|| job.poll(cx)) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(Some(ended))) => Poll::Ready(Ok(ended)),
        Ok(Poll::Ready(None)) => Poll::Ready(Err(Panic("polled after its end".to_owned()))),
        Err(panic) => {
            job.clear();
            Poll::Ready(Err(panic))
        }
    }
}

impl Started {
    /// The claim is only given on with the state in its place, so this is not reached.
    fn lost(action: &'static str) -> Self {
        Self::Settled(Settled { response: Err(lost(action)), draft: None })
    }
}

fn lost(action: &'static str) -> Error {
    Error::new(ErrorKind::Activation, format!("`{action}` found no state"))
}
