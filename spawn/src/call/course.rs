//! How far a call is: what is the same of it whatever its payload and its response are.

mod deadline;

use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::task::coop;

use self::deadline::Deadline;
use super::begin::{self, Begun, begin};
use super::rare::Rare;
use super::{CallOptions, polled_again};
use crate::actor::Actor;
use crate::client::{Origin, Target};
use crate::error::{Error, ErrorKind, Result};
use crate::flow::{Address, Answered};
use crate::metadata::Metadata;
use crate::observe;
use crate::parcel::Parcel;
use crate::runtime::{
    self, ActorClaim, Answer, AnyAsk, AnyJob, Cell, Chain, Ended, Request, Room, Source, Wait,
};
use crate::schedule::{self, Due};
use crate::store::CallId;

/// Most calls are plain ones, and end at their first poll; to drop one then is to find nothing in it, so that what few have is behind one pointer.
pub(super) struct Course<A: Actor> {
    pub(super) timeout: Option<Duration>,
    pub(super) fail_when_full: bool,
    /// On whose behalf, until the call begins.
    origin: Option<Arc<Origin>>,
    extra: Rare<Box<Extra>>,
    stage: Stage<A>,
    /// Set when the first poll did not finish.
    deadline: Deadline,
}

/// What few calls have.
#[derive(Default)]
pub(super) struct Extra {
    pub(super) metadata: Metadata,
    /// Where the call comes from, if not from a caller.
    pub(super) source: Option<Source>,
}

enum Stage<A: Actor> {
    /// Not tried yet.
    New(Target<A>),
    /// The mailbox is full.
    Full(Box<Full<A>>),
    /// The actor has it.
    Asked { cell: Arc<Cell<A>>, ask: Arc<dyn AnyAsk<A>> },
    /// Another actor is to answer.
    Onward(Box<Chain>),
    /// The response was given out, or is being worked for.
    Done,
}

/// A call that waits for room in a mailbox.
pub(super) struct Full<A: Actor> {
    pub(super) cell: Arc<Cell<A>>,
    /// There from when it begins to wait.
    pub(super) room: Option<Room>,
    pub(super) request: Request,
    pub(super) wait: Option<Wait>,
}

impl<A: Actor> Course<A> {
    #[inline]
    pub(super) fn new(target: Target<A>, origin: Option<Arc<Origin>>) -> Self {
        Self {
            timeout: None,
            fail_when_full: false,
            origin,
            extra: Rare::default(),
            stage: Stage::New(target),
            deadline: Deadline::default(),
        }
    }

    pub(super) fn set(&mut self, options: CallOptions) {
        let CallOptions { timeout, metadata, fail_when_full, source } = options;
        self.timeout = timeout;
        self.fail_when_full = fail_when_full;
        if source.is_some() || !metadata.is_empty() || self.origin.is_some() {
            *self.extra = Some(Box::new(Extra { metadata, source }));
        }
    }

    /// What few calls have; at first, the metadata of the call on whose behalf this one is made.
    pub(super) fn extra(&mut self) -> &mut Extra {
        let metadata = || inherited(self.origin.as_deref());
        self.extra.get_or_insert_with(|| Box::new(Extra { metadata: metadata(), source: None }))
    }

    /// What it begins with.
    fn request(&mut self) -> Request {
        let origin = self.origin.take();
        let (mut metadata, source) = match self.extra.take() {
            Some(extra) => (extra.metadata, extra.source),
            None => (inherited(origin.as_deref()), None),
        };
        observe::carry(&mut metadata, origin.as_deref());
        Request { origin, metadata, source: source.unwrap_or(Source::Call) }
    }

    /// What it is, for someone else to make it.
    pub(super) fn into_parts(
        mut self,
        action: &'static str,
        payload: Option<Parcel>,
    ) -> (Address, Parcel, CallOptions) {
        let Extra { metadata, source } = mem::take(self.extra());
        let Self { timeout, fail_when_full, .. } = self;
        let options = CallOptions { timeout, metadata, fail_when_full, source };
        match (mem::replace(&mut self.stage, Stage::Done), payload) {
            (Stage::New(target), Some(payload)) => (Address::of(target, action), payload, options),
            // One that was polled is not moved: it is borrowed by whoever polls it.
            _ => (Address::of::<A>(Err(polled_again().into()), action), Parcel::new(()), options),
        }
    }

    pub(super) async fn schedule(
        mut self,
        action: String,
        payload: Parcel,
        due: Due,
    ) -> Result<CallId> {
        let Stage::New(target) = mem::replace(&mut self.stage, Stage::Done) else {
            return Err(polled_again());
        };
        let cell = target?;
        let system = cell.instances.system();
        let Request { origin, metadata, .. } = self.request();
        let caller = origin.map(|origin| origin.caller.clone());
        schedule::submit(&system, cell.id.clone(), action, payload, due, caller, metadata).await
    }

    /// Whether it is worth a try to run the call at once, and nothing of it but the payload is consumed.
    #[inline]
    pub(super) fn is_at_hand(&self) -> bool {
        match &self.stage {
            Stage::New(Ok(cell)) => self.consumes_nothing() && cell.is_at_hand(),
            _ => false,
        }
    }

    #[inline]
    fn consumes_nothing(&self) -> bool {
        self.extra.as_ref().is_none_or(|extra| extra.source.is_none())
    }

    /// The claim of an actor that is idle, and whose state is there and saved; `None` if there is something in the way, and
    /// nothing has happened then.
    pub(super) fn claim_at_once(&mut self) -> Option<ActorClaim<A>> {
        let Stage::New(Ok(cell)) = &self.stage else { return None };
        if !cell.instances.env.is_plain() || observe::is_traced() {
            return None;
        }
        let Stage::New(Ok(cell)) = mem::replace(&mut self.stage, Stage::Done) else { return None };
        match ActorClaim::at_rest(cell) {
            Ok(claim) => Some(claim),
            Err(cell) => {
                self.stage = Stage::New(Ok(cell));
                None
            }
        }
    }

    /// Goes on after a run with such a claim that has left more than a response.
    pub(super) fn conclude(
        &mut self,
        mut claim: ActorClaim<A>,
        job: &mut dyn AnyJob<A>,
        ended: Ended<A>,
        asked: bool,
        cx: &mut Context<'_>,
    ) -> Poll<Result<()>> {
        let request = self.request();
        let ran = claim.conclude_free(job, ended, &request);
        let begun = begin::after(claim, job, request, ran, None, asked);
        self.go_on(job, Some(begun), asked, cx)
    }

    /// Ready when the response is in the job; or when the actor has the message, if nobody has `asked` for a response.
    pub(super) fn poll(
        &mut self,
        job: &mut dyn AnyJob<A>,
        asked: bool,
        cx: &mut Context<'_>,
    ) -> Poll<Result<()>> {
        self.go_on(job, None, asked, cx)
    }

    /// The actor could not be made ready.
    #[cold]
    pub(super) fn failed(error: Error, asked: bool) -> Result<()> {
        if asked { Err(error) } else { Self::accepted(Begun::Done(Err(error))) }
    }

    /// As [`poll`](Self::poll); `begun` is there if the call has just begun.
    fn go_on(
        &mut self,
        job: &mut dyn AnyJob<A>,
        begun: Option<Begun<A>>,
        asked: bool,
        cx: &mut Context<'_>,
    ) -> Poll<Result<()>> {
        let begun = match self.stage {
            Stage::New(_) | Stage::Full(_) | Stage::Done if begun.is_none() => {
                Some(ready!(self.poll_begin(job, cx, asked)))
            }
            _ => begun,
        };
        match begun {
            Some(Begun::Done(Ok(Answered::Here(())))) => return Poll::Ready(Ok(())),
            Some(begun) if !asked => return Poll::Ready(Self::accepted(begun)),
            begun if begun.is_some() || !matches!(self.stage, Stage::Onward(_)) => {
                match ready!(self.poll_answer(job, begun, cx)) {
                    Ok(Answered::Here(())) => return Poll::Ready(Ok(())),
                    Ok(Answered::Onward(next)) => {
                        self.stage = Stage::Onward(Box::new(Chain::new(*next)));
                    }
                    Err(error) => return Poll::Ready(Err(error)),
                }
            }
            _ => {}
        }
        let response = match &mut self.stage {
            Stage::Onward(chain) => match Pin::new(&mut **chain).poll(cx) {
                Poll::Ready(response) => response.and_then(|response| job.restore(response)),
                Poll::Pending => Err(ready!(self.poll_deadline(job, cx))),
            },
            _ => Err(polled_again()),
        };
        Poll::Ready(self.end(response))
    }

    /// What the called action itself came to.
    pub(super) fn poll_answer(
        &mut self,
        job: &mut dyn AnyJob<A>,
        begun: Option<Begun<A>>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Answer>> {
        if let Stage::New(_) | Stage::Full(_) | Stage::Done = self.stage {
            let begun = match begun {
                Some(begun) => begun,
                None => ready!(self.poll_begin(job, cx, true)),
            };
            match begun {
                Begun::Done(answer) => return Poll::Ready(answer),
                Begun::Asked { cell, ask } => self.stage = Stage::Asked { cell, ask },
                Begun::Full(_) => return Poll::Ready(self.end(Err(polled_again()))),
            }
        }
        let answer = match &self.stage {
            Stage::Asked { ask, .. } => match ask.head().reply.poll(cx) {
                Poll::Ready(answer) => {
                    if let Ok(Answered::Here(())) = answer {
                        job.fetch(&mut ask.work().lock().job);
                    }
                    answer
                }
                Poll::Pending => Err(ready!(self.poll_deadline(job, cx))),
            },
            _ => Err(polled_again()),
        };
        Poll::Ready(self.end(answer))
    }

    /// Whether the actor has the message.
    fn accepted(begun: Begun<A>) -> Result<()> {
        match begun {
            Begun::Asked { .. } | Begun::Done(Ok(_)) => Ok(()),
            Begun::Full(_) => Err(polled_again()),
            // What the action did with the message is not the sender's to know.
            Begun::Done(Err(error)) if error.is_from_action() => {
                runtime::log_unasked(&error);
                Ok(())
            }
            Begun::Done(Err(error)) => Err(error),
        }
    }

    /// Gives the message to the actor, as soon as there is room, whatever the clause and whatever is in the way; `asked` says
    /// whether a response is wanted.
    fn poll_begin(
        &mut self,
        job: &mut dyn AnyJob<A>,
        cx: &mut Context<'_>,
        asked: bool,
    ) -> Poll<Begun<A>> {
        loop {
            if let Stage::Full(full) = &mut self.stage
                && let Some(room) = &mut full.room
                && room.as_mut().poll(cx).is_pending()
            {
                let error = ready!(self.poll_deadline(job, cx));
                return Poll::Ready(Begun::Done(self.end(Err(error))));
            }
            let progress = ready!(coop::poll_proceed(cx));
            let begun = match mem::replace(&mut self.stage, Stage::Done) {
                Stage::New(Ok(cell)) => begin(cell, job, self.request(), asked, None),
                Stage::New(Err(unreachable)) => Begun::Done(Err(unreachable.into())),
                Stage::Full(full) => {
                    let Full { cell, request, wait, .. } = *full;
                    let waited = Arc::clone(&cell);
                    let begun = begin(cell, job, request, asked, wait);
                    waited.stop_waiting_for_room();
                    begun
                }
                Stage::Asked { .. } | Stage::Onward(_) | Stage::Done => {
                    Begun::Done(Err(polled_again()))
                }
            };
            progress.made_progress();
            match begun {
                Begun::Full(full) if self.fail_when_full => {
                    let message = "the mailbox is full; try again later, or raise `mailbox`";
                    let error = Error::new(ErrorKind::Overloaded, message);
                    let error = error.at(&full.cell.id, job.clause().action);
                    return Poll::Ready(Begun::Done(Err(error)));
                }
                Begun::Full(mut full) => {
                    full.room = Some(full.cell.wait_for_room());
                    self.stage = Stage::Full(full);
                }
                begun => return Poll::Ready(begun),
            }
        }
    }

    fn end<T>(&mut self, response: Result<T>) -> Result<T> {
        self.stop_waiting();
        self.stage = Stage::Done;
        response
    }

    fn stop_waiting(&self) {
        match &self.stage {
            Stage::Full(full) => full.cell.stop_waiting_for_room(),
            Stage::Asked { ask, .. } => ask.head().end_wait(),
            Stage::New(_) | Stage::Onward(_) | Stage::Done => {}
        }
    }

    /// The same call, whose response nobody waits for any more; `None` if the actor has the message.
    pub(super) fn abandon(mut self) -> Option<Self> {
        self.stop_waiting();
        let stage = match mem::replace(&mut self.stage, Stage::Done) {
            new @ Stage::New(_) => new,
            Stage::Full(mut full) => {
                full.request.origin = full.request.origin.map(unawaited);
                full.room = Some(full.cell.wait_for_room());
                full.wait = None;
                Stage::Full(full)
            }
            Stage::Asked { .. } | Stage::Onward(_) | Stage::Done => return None,
        };
        Some(Self {
            timeout: None,
            fail_when_full: self.fail_when_full,
            origin: self.origin.take().map(unawaited),
            extra: self.extra.take().into(),
            stage,
            deadline: Deadline::default(),
        })
    }
}

/// A call that an action makes carries along what came with the action's own.
fn inherited(origin: Option<&Origin>) -> Metadata {
    origin.map(|origin| origin.metadata.clone()).unwrap_or_default()
}

/// The same for a call whose response nobody waits for.
fn unawaited(mut origin: Arc<Origin>) -> Arc<Origin> {
    if let Some(origin) = Arc::get_mut(&mut origin) {
        origin.stop_waiting();
    }
    origin
}

impl<A: Actor> Stage<A> {
    /// The actor, if it was found and has not answered yet.
    fn cell(&self) -> Option<&Cell<A>> {
        match self {
            Self::Full(full) => Some(&full.cell),
            Self::Asked { cell, .. } => Some(cell),
            Self::New(_) | Self::Onward(_) | Self::Done => None,
        }
    }
}

impl<A: Actor> Drop for Course<A> {
    fn drop(&mut self) {
        self.stop_waiting();
    }
}
