//! A call that waits in a mailbox, or runs in a task.

use std::sync::Arc;

use parking_lot::Mutex;

use super::cell::ActorClaim;
use super::claim::{Content, Opened, Sheet};
use super::onward::Answer;
use super::patience::Waiting;
use super::reply::ReplySlot;
use super::run::{Ran, Request, Suspended};
use super::waiting::Wait;
use crate::actor::Actor;
use crate::commit::Draft;
use crate::dispatch::Handler;
use crate::error::{Error, Result};

/// A call, and the place of its response.
pub(crate) struct Ask<A: Actor, P: 'static, R: 'static> {
    handler: &'static Handler<A, P, R>,
    /// Taken when the call runs.
    request: Mutex<Option<Request<P>>>,
    pub(crate) reply: ReplySlot<Answer<R>>,
    /// Whether someone waits for the response; if not, an error is logged.
    asked: bool,
    /// There if an action waits, until the called one has ended.
    wait: Option<Mutex<Option<Wait>>>,
}

/// A call in its allocation.
pub(crate) type AskSheet<A, P, R> = Sheet<ActorClaim<A>, Ask<A, P, R>>;

impl<A: Actor, P: Send + 'static, R: Send + 'static> Ask<A, P, R> {
    pub(crate) fn new(
        handler: &'static Handler<A, P, R>,
        request: Option<Request<P>>,
        asked: bool,
        wait: Option<Wait>,
    ) -> Self {
        let wait = wait.map(|wait| Mutex::new(Some(wait)));
        Self { handler, request: Mutex::new(request), reply: ReplySlot::new(), asked, wait }
    }

    /// Answers the call, whoever still waits.
    fn complete(&self, response: Result<Answer<R>>) {
        self.end_wait();
        match response {
            Err(error) if !self.asked => log_unasked(&error),
            response => self.reply.complete(response),
        }
    }
}

impl<A: Actor, P: 'static, R: 'static> Ask<A, P, R> {
    /// The called action has ended, or nobody waits for it any more.
    pub(crate) fn end_wait(&self) {
        if let Some(wait) = &self.wait {
            let wait = wait.lock().take();
            drop(wait);
        }
    }
}

impl<A: Actor, P: Send + 'static, R: Send + 'static> Waiting for AskSheet<A, P, R> {
    fn remind(&self) {
        self.reply.remind();
    }
}

/// Nobody waits for this error, so the log has it.
pub(crate) fn log_unasked(error: &Error) {
    tracing::warn!(?error, "a cast failed");
}

impl<A: Actor, P: Send + 'static, R: Send + 'static> Content<ActorClaim<A>> for Ask<A, P, R> {
    fn open(sheet: Arc<Sheet<ActorClaim<A>, Self>>, claim: &mut ActorClaim<A>) -> Opened<'_> {
        claim.vacate();
        if let Some(wait) = &sheet.wait {
            claim.take_over(wait.lock().as_mut());
        }
        let Some(request) = sheet.request.lock().take() else { return Opened::Done };
        match claim.run(sheet.handler, request) {
            Ran::Done(response) => {
                sheet.complete(response);
                Opened::Done
            }
            Ran::Held(response, draft) => {
                hold(claim, sheet, response, draft);
                Opened::Done
            }
            Ran::Suspended(suspended) => Opened::Pending(Box::pin(finish(sheet, claim, suspended))),
        }
    }

    fn refuse(&self) {
        self.end_wait();
        self.reply.complete(Err(Error::stopped()));
    }
}

/// Goes on with a call that waited, and answers it. A future that is dropped before its end answers that the system stopped.
pub(crate) async fn finish<A: Actor, P: Send + 'static, R: Send + 'static>(
    sheet: Arc<AskSheet<A, P, R>>,
    claim: &mut ActorClaim<A>,
    suspended: Suspended<A, P, R>,
) {
    let mut guard = RefuseOnDrop(Some(Arc::clone(&sheet)));
    match claim.resume(suspended).await {
        (response, None) => sheet.complete(response),
        (response, Some(draft)) => hold(claim, sheet, response, draft),
    }
    guard.0 = None;
}

/// Answers the call when what the response rests on is saved.
pub(crate) fn hold<A: Actor, P: Send + 'static, R: Send + 'static>(
    claim: &ActorClaim<A>,
    sheet: Arc<AskSheet<A, P, R>>,
    response: Result<Answer<R>>,
    draft: Option<Box<Draft>>,
) {
    // Only the disk is waited for from here on; the actor goes on.
    sheet.end_wait();
    claim.hold(draft, move |saved| {
        sheet.complete(saved.and(response).map(Answer::release));
    });
}

struct RefuseOnDrop<A: Actor, P: Send + 'static, R: Send + 'static>(Option<Arc<AskSheet<A, P, R>>>);

impl<A: Actor, P: Send + 'static, R: Send + 'static> Drop for RefuseOnDrop<A, P, R> {
    fn drop(&mut self) {
        if let Some(sheet) = &self.0 {
            sheet.refuse();
        }
    }
}
