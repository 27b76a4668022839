//! Giving an actor its message: in place if it is idle, by way of the mailbox if not.

use std::cell::Cell as ThreadCell;
use std::sync::Arc;

use super::course::Full;
use crate::actor::Actor;
use crate::error::Error;
use crate::runtime::{
    self, ActorClaim, Answer, AnyAsk, AnyJob, Cell, First, InPlace, NewAsk, Ran, Request, Wait,
};

/// What came of trying. The response is in the job, or in what was asked.
pub(super) enum Begun<A: Actor> {
    Done(crate::Result<Answer>),
    Asked { cell: Arc<Cell<A>>, ask: Arc<dyn AnyAsk<A>> },
    Full(Box<Full<A>>),
}

/// Runs the call in place if the actor is idle, and gives it to the mailbox if not. `wait` is there if it has waited for room.
pub(super) fn begin<A: Actor>(
    cell: Arc<Cell<A>>,
    job: &mut dyn AnyJob<A>,
    request: Request,
    asked: bool,
    wait: Option<Wait>,
) -> Begun<A> {
    if cell.instances.env.is_stopping() && request.origin.is_none() {
        return Begun::Done(Err(Error::stopped().at(&cell.id, job.clause().action)));
    }
    let Some(_nesting) = Nesting::enter() else {
        return queue(cell, job, request, asked, wait);
    };
    match ActorClaim::of(cell, request.source.is_keyed()) {
        Ok(claim) => run_in_place(claim, job, request, asked, wait),
        Err(cell) => queue(cell, job, request, asked, wait),
    }
}

fn run_in_place<A: Actor>(
    mut claim: ActorClaim<A>,
    job: &mut dyn AnyJob<A>,
    mut request: Request,
    asked: bool,
    mut wait: Option<Wait>,
) -> Begun<A> {
    claim.take_over(wait.as_mut());
    let in_place = request.origin.as_ref().filter(|_| asked);
    let in_place = InPlace::enter(in_place, &claim.cell().id, wait);
    let ran = claim.run(job, &mut request);
    after(claim, job, request, ran, in_place, asked)
}

/// Goes on after a run in place.
pub(super) fn after<A: Actor>(
    claim: ActorClaim<A>,
    job: &mut dyn AnyJob<A>,
    request: Request,
    ran: Ran,
    in_place: Option<InPlace>,
    asked: bool,
) -> Begun<A> {
    match ran {
        Ran::Done(response) => {
            drop(in_place);
            claim.release();
            Begun::Done(response)
        }
        Ran::Held(response, draft) => {
            drop(in_place);
            let (_, ask) = job.leave(NewAsk { in_mailbox: false, request, asked, wait: None });
            let cell = Arc::clone(claim.cell());
            runtime::hold(&claim, Arc::clone(&ask), response, draft);
            claim.release_when_there_is_room();
            Begun::Asked { cell, ask }
        }
        Ran::Suspended(suspended) => {
            let (wait, deadlock) = match in_place.map(InPlace::wait).transpose() {
                Ok(wait) => (wait.flatten(), None),
                Err(error) => (None, Some(error)),
            };
            let action = job.clause().action;
            let (_, ask) = job.leave(NewAsk { in_mailbox: false, request, asked, wait });
            let answered = Arc::clone(&ask);
            let cell = Arc::clone(claim.cell());
            cell.set_brief(false);
            claim.spawn_drain(First::Begun(answered, suspended));
            match deadlock {
                Some(error) => Begun::Done(Err(error.at(&cell.id, action))),
                None => Begun::Asked { cell, ask },
            }
        }
    }
}

fn queue<A: Actor>(
    cell: Arc<Cell<A>>,
    job: &mut dyn AnyJob<A>,
    request: Request,
    asked: bool,
    wait: Option<Wait>,
) -> Begun<A> {
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
                    return Begun::Done(Err(error.at(&cell.id, job.clause().action)));
                }
            }
        }
        wait => wait.filter(|_| waits),
    };
    if !has_room {
        return Begun::Full(Box::new(Full { cell, room: None, request, wait }));
    }
    let is_keyed = request.source.is_keyed();
    let (envelope, ask) = job.leave(NewAsk { in_mailbox: true, request, asked, wait });
    if let Some(envelope) = envelope
        && let Some((claim, envelope)) = cell.leave(envelope, is_keyed)
    {
        claim.spawn_drain(First::Envelope(envelope));
    }
    Begun::Asked { cell, ask }
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
