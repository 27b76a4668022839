//! Calls that actions wait for, and the circles that they would close.
//!
//! An action that waits for a response keeps its actor's claim, so that whoever calls the actor waits for the action, and for whatever
//! that waits for. A [`Wait`] is an edge of that graph: it begins before the call is put into the mailbox, under the lock under which
//! it is looked whether it closes a circle, so that of calls that close one together the last one sees it. It ends when the
//! called action has ended (a response that only waits for the disk keeps nobody from running), when the caller gives the call up,
//! and when the calling action ends.
//!
//! A call that runs in place mostly ends there and costs no lock: a [`Frame`] on the thread notes it, and becomes an edge when
//! something that runs inside of it has to wait.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;

use super::waits::{Ticket, Waits};
use crate::actor::ActorId;
use crate::client::Origin;
use crate::error::{Error, ErrorKind, Result};
use crate::system::Env;

/// A run of an action that makes calls.
pub(crate) struct CallingRun {
    env: Arc<Env>,
    phase: Mutex<Phase>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// It has waited for nothing so far.
    Quiet,
    /// Edges of it may be in the graph.
    Waited,
    /// The action has ended. What its clients are used for from now on is not the actor's doing.
    Over,
}

impl CallingRun {
    pub(crate) fn new(env: Arc<Env>) -> Self {
        Self { env, phase: Mutex::new(Phase::Quiet) }
    }

    /// The action of the actor `id` has ended.
    pub(crate) fn end(&self, id: &ActorId) {
        let before = std::mem::replace(&mut *self.phase.lock(), Phase::Over);
        if before == Phase::Waited {
            self.env.waits.lock().clear(id);
        }
    }

    /// Whether it goes on, and so can wait. Called under the lock of the graph, so that an end that comes now finds the edge.
    fn begin_waiting(&self) -> bool {
        let mut phase = self.phase.lock();
        let goes_on = *phase != Phase::Over;
        if goes_on {
            *phase = Phase::Waited;
        }
        goes_on
    }
}

impl fmt::Debug for CallingRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallingRun").field("phase", &*self.phase.lock()).finish_non_exhaustive()
    }
}

/// An action waits for a call. The wait ends when this is dropped, which takes the lock of the graph.
#[derive(Debug)]
pub(crate) struct Wait {
    origin: Arc<Origin>,
    ticket: Ticket,
}

impl Wait {
    /// Notes that the action which makes the call waits for `to`; `None` if the call comes from no action that goes on.
    ///
    /// # Errors
    /// [`ErrorKind::Deadlock`] if that would close a circle; the wait did not begin then.
    pub(crate) fn begin(origin: Option<&Arc<Origin>>, to: &ActorId) -> Result<Option<Self>> {
        Self::begin_among(origin, to, |_| {})
    }

    /// As [`begin`](Self::begin), for whichever of `members` is the first to be idle; `any` stands for all of them.
    pub(crate) fn begin_for_any(
        origin: Option<&Arc<Origin>>,
        any: &ActorId,
        members: impl FnOnce() -> Vec<ActorId>,
    ) -> Result<Option<Self>> {
        Self::begin_among(origin, any, |waits| waits.know_members(any, members))
    }

    fn begin_among(
        origin: Option<&Arc<Origin>>,
        to: &ActorId,
        prepare: impl FnOnce(&mut Waits<ActorId>),
    ) -> Result<Option<Self>> {
        let waiter = origin.and_then(Origin::waiter);
        let Some((origin, run)) = waiter.and_then(|it| Some((it, it.run.as_ref()?))) else {
            return Ok(None);
        };
        let mut waits = run.env.waits.lock();
        if !run.begin_waiting() {
            return Ok(None);
        }
        // Those that wait for this one in place. A thread that ends has none.
        let _none = FRAMES.try_with(|frames| {
            for frame in frames.borrow_mut().iter_mut() {
                frame.become_edge(&run.env, &mut waits);
            }
        });
        prepare(&mut waits);
        match waits.circle(&origin.caller, to) {
            Some(circle) => Err(deadlock(&circle)),
            None => Ok(Some(Self::add(&mut waits, origin, to))),
        }
    }

    /// It is `to` that is waited for from here on.
    pub(crate) fn redirect(&mut self, to: &ActorId) {
        if let Some(run) = &self.origin.run {
            run.env.waits.lock().redirect(&self.origin.caller, self.ticket, to);
        }
    }

    fn add(waits: &mut Waits<ActorId>, origin: &Arc<Origin>, to: &ActorId) -> Self {
        Self { origin: Arc::clone(origin), ticket: waits.add(&origin.caller, to) }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(run) = &self.origin.run {
            run.env.waits.lock().remove(&self.origin.caller, self.ticket);
        }
    }
}

fn deadlock(circle: &[ActorId]) -> Error {
    let chain: Vec<_> = circle.iter().map(ActorId::as_str).collect();
    let message = format!("the call would wait for itself: {}", chain.join(" -> "));
    Error::new(ErrorKind::Deadlock, message)
}

thread_local! {
    /// The calls of actions that run in place on this thread, each inside of the one before it.
    static FRAMES: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

struct Frame {
    origin: Arc<Origin>,
    to: ActorId,
    wait: Option<Wait>,
}

impl Frame {
    /// Puts it into the graph, if it is not there and the calling action goes on.
    fn become_edge(&mut self, env: &Arc<Env>, waits: &mut Waits<ActorId>) {
        let Some(run) = &self.origin.run else { return };
        if self.wait.is_none() && Arc::ptr_eq(&run.env, env) && run.begin_waiting() {
            self.wait = Some(Wait::add(waits, &self.origin, &self.to));
        }
    }
}

/// A call that an action makes runs in place, until this is dropped.
#[derive(Debug)]
pub(crate) struct InPlace {
    /// The frame's place on the thread.
    depth: usize,
}

impl InPlace {
    /// `wait` is there if the call has waited for room in the mailbox. `None` if the call comes from no action.
    pub(crate) fn enter(
        origin: Option<&Arc<Origin>>,
        to: &ActorId,
        wait: Option<Wait>,
    ) -> Option<Self> {
        let origin = origin.and_then(Origin::waiter).filter(|origin| origin.run.is_some())?;
        let frame = Frame { origin: Arc::clone(origin), to: to.clone(), wait };
        FRAMES
            .try_with(|frames| {
                let mut frames = frames.borrow_mut();
                frames.push(frame);
                Self { depth: frames.len() - 1 }
            })
            .ok()
    }

    /// The call did not end in place, so that the action waits for it.
    ///
    /// # Errors
    /// [`ErrorKind::Deadlock`] if what the call has left behind on another thread has closed a circle meanwhile.
    pub(crate) fn wait(self) -> Result<Option<Wait>> {
        let Some(mut frame) = self.leave() else { return Ok(None) };
        let Some(env) = frame.origin.run.as_ref().map(|run| Arc::clone(&run.env)) else {
            return Ok(None);
        };
        let circle = {
            let mut waits = env.waits.lock();
            frame.become_edge(&env, &mut waits);
            waits.circle(&frame.origin.caller, &frame.to).filter(|_| frame.wait.is_some())
        };
        match circle {
            Some(circle) => Err(deadlock(&circle)),
            None => Ok(frame.wait),
        }
    }

    fn leave(&self) -> Option<Frame> {
        let frame = FRAMES.try_with(|frames| {
            let mut frames = frames.borrow_mut();
            debug_assert!(frames.len() <= self.depth + 1, "a frame ends after those inside of it");
            frames.len().checked_sub(1).filter(|last| *last == self.depth)?;
            frames.pop()
        });
        frame.ok().flatten()
    }
}

impl Drop for InPlace {
    fn drop(&mut self) {
        // The wait in it ends when nothing is borrowed any more.
        drop(self.leave());
    }
}
