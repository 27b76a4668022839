//! When a call has taken too long.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

use super::{Course, Stage};
use crate::actor::Actor;
use crate::call::rare::Rare;
use crate::error::{Error, ErrorKind};
use crate::runtime::{self, AnyJob, Patience};

/// When a call times out.
#[derive(Default)]
pub(super) struct Deadline {
    /// `None` if it has not waited yet.
    at: Option<Instant>,
    /// Set when it waits for long; until then it is reminded to.
    timer: Rare<Pin<Box<Sleep>>>,
}

impl<A: Actor> Course<A> {
    /// Ready with an error when the call took too long; sees to a timer when it is first asked.
    pub(super) fn poll_deadline(
        &mut self,
        job: &dyn AnyJob<A>,
        cx: &mut Context<'_>,
    ) -> Poll<Error> {
        let timeout = self.timeout.unwrap_or(A::TABLE.ask_timeout);
        if let Some(timer) = &mut *self.deadline.timer {
            ready!(timer.as_mut().poll(cx));
            return Poll::Ready(self.timed_out(job.clause().action, timeout));
        }
        let at = if let Some(at) = self.deadline.at {
            at
        } else {
            // A timeout beyond the clock's range is one that nobody lives to see.
            let never = Duration::from_hours(30 * 365 * 24);
            let now = Instant::now();
            let at = now + timeout.min(never);
            self.deadline.at = Some(at);
            if let Stage::Asked { cell, ask } = &self.stage
                && timeout >= runtime::LONG
            {
                let waiting = Arc::downgrade(ask);
                Patience::note(&cell.instances.env, waiting, now, timeout);
                return Poll::Pending;
            }
            at
        };
        let timer = {
            // The caller may be outside of any runtime; the system is in one.
            let _home = match &self.stage {
                Stage::Onward(chain) => Some(chain.env().handle.enter()),
                stage => stage.cell().map(|cell| cell.instances.env.handle.enter()),
            };
            Box::pin(tokio::time::sleep_until(at))
        };
        *self.deadline.timer = Some(timer);
        self.poll_deadline(job, cx)
    }

    fn timed_out(&self, action: &'static str, timeout: Duration) -> Error {
        let message = format!("no response within {timeout:?}; whether it takes effect is unknown");
        let error = Error::new(ErrorKind::Timeout, message);
        match self.stage.cell() {
            Some(cell) => error.at(&cell.id, action),
            None => error,
        }
    }
}
