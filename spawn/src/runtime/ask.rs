//! A call that waits in a mailbox, or runs in a task.

use std::sync::Arc;

use parking_lot::Mutex;

use super::cell::ActorClaim;
use super::claim::{Content, Opened, Sheet};
use super::job::{AnyJob, Job, Work};
use super::onward::Answer;
use super::patience::Waiting;
use super::reply::ReplySlot;
use super::run::{Ran, Request, Suspended};
use super::waiting::Wait;
use crate::actor::Actor;
use crate::commit::Draft;
use crate::error::{Error, Result};

/// A call, and where it is told that its response is there.
pub(crate) struct Ask<J> {
    head: AskHead,
    /// The response is in it when the call has ended.
    work: Mutex<Work<J>>,
}

/// The part of an [`Ask`] that does not depend on any type of the actor.
pub(crate) struct AskHead {
    pub(crate) reply: ReplySlot,
    /// Whether someone waits for the response; if not, an error is logged.
    asked: bool,
    /// There if an action waits, until the called one has ended.
    wait: Option<Mutex<Option<Wait>>>,
}

/// What a call is made of that is about to wait.
pub(crate) struct NewAsk {
    /// Whether it waits in the mailbox; it runs already if not.
    pub(crate) in_mailbox: bool,
    pub(crate) request: Request,
    pub(crate) asked: bool,
    pub(crate) wait: Option<Wait>,
}

/// A call in its allocation.
pub(crate) trait AnyAsk<A: Actor>: Waiting + Send + Sync {
    fn head(&self) -> &AskHead;
    fn work(&self) -> &Mutex<Work<dyn AnyJob<A>>>;
}

impl<J> Ask<J> {
    pub(super) fn new(ask: NewAsk, job: J) -> Self {
        let NewAsk { request, asked, wait, .. } = ask;
        let wait = wait.map(|wait| Mutex::new(Some(wait)));
        let head = AskHead { reply: ReplySlot::new(), asked, wait };
        Self { head, work: Mutex::new(Work::new(request, job)) }
    }
}

impl AskHead {
    /// Answers the call, whoever still waits.
    #[inline]
    fn complete(&self, response: Result<Answer>) {
        self.end_wait();
        match response {
            Err(error) if !self.asked => log_unasked(&error),
            response => self.reply.complete(response),
        }
    }

    /// The called action has ended, or nobody waits for it any more.
    #[inline]
    pub(crate) fn end_wait(&self) {
        if let Some(wait) = &self.wait {
            let wait = wait.lock().take();
            drop(wait);
        }
    }

    fn refuse(&self) {
        self.end_wait();
        self.reply.complete(Err(Error::stopped()));
    }
}

/// Nobody waits for this error, so the log has it.
pub(crate) fn log_unasked(error: &Error) {
    tracing::warn!(?error, "a cast failed");
}

type AskSheet<A, P, R> = Sheet<ActorClaim<A>, Ask<Job<A, P, R>>>;

impl<A: Actor, P: Send + 'static, R: Send + 'static> Waiting for AskSheet<A, P, R> {
    fn remind(&self) {
        self.head.reply.remind();
    }
}

impl<A: Actor, P: Send + 'static, R: Send + 'static> AnyAsk<A> for AskSheet<A, P, R> {
    fn head(&self) -> &AskHead {
        &self.head
    }

    fn work(&self) -> &Mutex<Work<dyn AnyJob<A>>> {
        &self.work
    }
}

impl<A: Actor, P: Send + 'static, R: Send + 'static> Content<ActorClaim<A>> for Ask<Job<A, P, R>> {
    fn open(sheet: Arc<AskSheet<A, P, R>>, claim: &mut ActorClaim<A>) -> Opened<'_> {
        open(sheet, claim)
    }

    fn refuse(&self) {
        self.head.refuse();
    }
}

fn open<A: Actor>(ask: Arc<dyn AnyAsk<A>>, claim: &mut ActorClaim<A>) -> Opened<'_> {
    claim.vacate();
    if let Some(wait) = &ask.head().wait {
        claim.take_over(wait.lock().as_mut());
    }
    let ran = {
        let mut work = ask.work().lock();
        let Work { job, request } = &mut *work;
        claim.run(job, request)
    };
    match ran {
        Ran::Done(response) => {
            ask.head().complete(response);
            Opened::Done
        }
        Ran::Held(response, draft) => {
            hold(claim, ask, response, draft);
            Opened::Done
        }
        Ran::Suspended(suspended) => go_on(ask, claim, suspended),
    }
}

/// Goes on with a call that waits.
#[inline(never)]
pub(super) fn go_on<A: Actor>(
    ask: Arc<dyn AnyAsk<A>>,
    claim: &mut ActorClaim<A>,
    suspended: Suspended,
) -> Opened<'_> {
    Opened::Pending(Box::pin(finish(ask, claim, suspended)))
}

/// Goes on with a call that waited, and answers it. A future that is dropped before its end answers that the system stopped.
async fn finish<A: Actor>(
    ask: Arc<dyn AnyAsk<A>>,
    claim: &mut ActorClaim<A>,
    suspended: Suspended,
) {
    let mut guard = RefuseOnDrop(Some(ask));
    let Some(ask) = &guard.0 else { return };
    let (response, draft) = claim.resume(ask.work(), suspended).await;
    let Some(ask) = guard.0.take() else { return };
    match draft {
        None => ask.head().complete(response),
        Some(draft) => hold(claim, ask, response, draft),
    }
}

/// Answers the call when what the response rests on is saved.
pub(crate) fn hold<A: Actor>(
    claim: &ActorClaim<A>,
    ask: Arc<dyn AnyAsk<A>>,
    response: Result<Answer>,
    draft: Option<Box<Draft>>,
) {
    // Only the disk is waited for from here on; the actor goes on.
    ask.head().end_wait();
    claim.hold(draft, move |saved| {
        ask.head().complete(saved.and(response).map(Answer::release));
    });
}

struct RefuseOnDrop<A: Actor>(Option<Arc<dyn AnyAsk<A>>>);

impl<A: Actor> Drop for RefuseOnDrop<A> {
    fn drop(&mut self) {
        if let Some(ask) = &self.0 {
            // The caller holds the job as well, and the actor's state may be in it.
            if let Some(mut work) = ask.work().try_lock() {
                work.job.clear();
            }
            ask.head().refuse();
        }
    }
}
