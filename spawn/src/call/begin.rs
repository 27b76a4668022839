//! Giving an actor its message: in place if it is idle, by way of the mailbox if not.

use std::cell::Cell as ThreadCell;
use std::sync::Arc;

use super::Full;
use crate::actor::Actor;
use crate::client::Origin;
use crate::dispatch::{Handler, Method};
use crate::error::Error;
use crate::metadata::Metadata;
use crate::observe;
use crate::runtime::claim::Envelope;
use crate::runtime::{
    self, ActorClaim, Answer, Ask, AskSheet, Cell, InPlace, Ran, Request, Source, Wait,
};

/// What came of trying.
pub(super) enum Begun<A: Actor, P: 'static, R: 'static> {
    Done(crate::Result<Answer<R>>),
    Asked { cell: Arc<Cell<A>>, sheet: Arc<AskSheet<A, P, R>> },
    Full(Box<Full<A, P>>),
}

/// What is given back of a call that something is in the way of.
type NotBegun<A, P> = (Arc<Cell<A>>, P, Option<Arc<Origin>>);

/// The short way of most calls: a clause that neither waits nor calls anybody, of an idle actor whose state is there and saved. Gives
/// the parts back if there is something in the way; nothing has happened then.
#[inline]
pub(super) fn at_once<A: Actor, P: Send + 'static, R: Send + 'static>(
    cell: Arc<Cell<A>>,
    handler: &'static Handler<A, P, R>,
    run: Method<A, P, R>,
    payload: P,
    origin: Option<Arc<Origin>>,
    metadata: &mut Metadata,
    asked: bool,
) -> Result<Begun<A, P, R>, NotBegun<A, P>> {
    if !cell.instances.env.is_plain() || observe::is_traced() {
        return Err((cell, payload, origin));
    }
    let mut claim = match ActorClaim::at_rest(cell) {
        Ok(claim) => claim,
        Err(cell) => return Err((cell, payload, origin)),
    };
    if let Err(error) = claim.make_at_once() {
        claim.release();
        return Ok(Begun::Done(Err(error)));
    }
    match claim.run_free(handler, run, payload) {
        Ok(response) => {
            claim.release();
            Ok(Begun::Done(Ok(Answer::Here(response))))
        }
        Err(ended) => {
            let metadata = std::mem::take(metadata);
            let ran = claim.conclude_free(handler, ended, origin, metadata, Source::Call);
            Ok(after(claim, handler, ran, None, asked))
        }
    }
}

/// Runs the call in place if the actor is idle, and gives it to the mailbox if not. `wait` is there if it has waited for room.
pub(super) fn begin<A: Actor, P: Send + 'static, R: Send + 'static>(
    cell: Arc<Cell<A>>,
    handler: &'static Handler<A, P, R>,
    request: Request<P>,
    asked: bool,
    wait: Option<Wait>,
) -> Begun<A, P, R> {
    if cell.instances.env.is_stopping() && request.origin.is_none() {
        return Begun::Done(Err(Error::stopped().at(&cell.id, handler.action)));
    }
    let Some(_nesting) = Nesting::enter() else {
        return queue(cell, handler, request, asked, wait);
    };
    match ActorClaim::of(cell, request.source.is_keyed()) {
        Ok(claim) => run_in_place(claim, handler, request, asked, wait),
        Err(cell) => queue(cell, handler, request, asked, wait),
    }
}

fn run_in_place<A: Actor, P: Send + 'static, R: Send + 'static>(
    mut claim: ActorClaim<A>,
    handler: &'static Handler<A, P, R>,
    request: Request<P>,
    asked: bool,
    mut wait: Option<Wait>,
) -> Begun<A, P, R> {
    claim.take_over(wait.as_mut());
    let in_place = request.origin.as_ref().filter(|_| asked);
    let in_place = InPlace::enter(in_place, &claim.cell().id, wait);
    let ran = claim.run(handler, request);
    after(claim, handler, ran, in_place, asked)
}

/// Goes on after a run in place.
fn after<A: Actor, P: Send + 'static, R: Send + 'static>(
    mut claim: ActorClaim<A>,
    handler: &'static Handler<A, P, R>,
    ran: Ran<A, P, R>,
    in_place: Option<InPlace>,
    asked: bool,
) -> Begun<A, P, R> {
    match ran {
        Ran::Done(response) => {
            drop(in_place);
            claim.release();
            Begun::Done(response)
        }
        Ran::Held(response, draft) => {
            drop(in_place);
            let sheet = AskSheet::new(Ask::new(handler, None, asked, None));
            let cell = Arc::clone(claim.cell());
            runtime::hold(&claim, Arc::clone(&sheet), response, draft);
            claim.release_when_there_is_room();
            Begun::Asked { cell, sheet }
        }
        Ran::Suspended(suspended) => {
            let (wait, deadlock) = match in_place.map(InPlace::wait).transpose() {
                Ok(wait) => (wait.flatten(), None),
                Err(error) => (None, Some(error)),
            };
            let sheet = AskSheet::new(Ask::new(handler, None, asked, wait));
            let answered = Arc::clone(&sheet);
            let cell = Arc::clone(claim.cell());
            cell.set_brief(false);
            let env = Arc::clone(claim.env());
            env.spawn(async move {
                runtime::finish(answered, &mut claim, suspended).await;
                claim.drain().await;
            });
            match deadlock {
                Some(error) => Begun::Done(Err(error.at(&cell.id, handler.action))),
                None => Begun::Asked { cell, sheet },
            }
        }
    }
}

fn queue<A: Actor, P: Send + 'static, R: Send + 'static>(
    cell: Arc<Cell<A>>,
    handler: &'static Handler<A, P, R>,
    request: Request<P>,
    asked: bool,
    wait: Option<Wait>,
) -> Begun<A, P, R> {
    let has_room = cell.try_reserve();
    // Who only leaves a message waits for nothing but room.
    let waits = asked || !has_room;
    let wait = match wait {
        None if waits => {
            match cell.begin_wait(request.origin.as_ref(), request.source.is_keyed()) {
                Ok(wait) => wait,
                Err(error) => {
                    if has_room {
                        cell.vacate();
                    }
                    return Begun::Done(Err(error.at(&cell.id, handler.action)));
                }
            }
        }
        wait => wait.filter(|_| waits),
    };
    if !has_room {
        return Begun::Full(Box::new(Full { cell, room: None, request, wait }));
    }
    let is_keyed = request.source.is_keyed();
    let (envelope, sheet) = Envelope::shared(Ask::new(handler, Some(request), asked, wait));
    if let Some((claim, envelope)) = cell.leave(envelope, is_keyed) {
        claim.spawn_drain(Some(envelope));
    }
    Begun::Asked { cell, sheet }
}

/// How many calls this thread runs in place, one inside the other.
struct Nesting;

impl Nesting {
    /// Deeper than this, a call goes through a task, so that a chain of actors does not exhaust the stack.
    const LIMIT: u8 = 16;

    fn enter() -> Option<Self> {
        DEPTH.with(|depth| {
            let now = depth.get();
            (now < Self::LIMIT).then(|| {
                depth.set(now + 1);
                Self
            })
        })
    }
}

impl Drop for Nesting {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get() - 1));
    }
}

thread_local! {
    static DEPTH: ThreadCell<u8> = const { ThreadCell::new(0) };
}
