//! Where a caller waits for its response.

use std::mem;
use std::task::{Context, Poll, Waker};

use parking_lot::Mutex;

use super::onward::Answer;
use crate::error::{Error, Result};

/// The place where it is said that one response is there.
#[derive(Debug)]
pub(crate) struct ReplySlot(Mutex<State>);

#[derive(Debug)]
enum State {
    /// Not there yet; the waker of whoever asked for it last.
    Waiting(Option<Waker>),
    Done(Result<Answer>),
    /// Given out.
    Taken,
}

impl ReplySlot {
    #[inline]
    pub(crate) fn new() -> Self {
        Self(Mutex::new(State::Waiting(None)))
    }

    /// Puts the response there, once; a second one is dropped.
    #[inline]
    pub(crate) fn complete(&self, response: Result<Answer>) {
        let mut state = self.0.lock();
        if let State::Waiting(waker) = &mut *state {
            let waker = waker.take();
            *state = State::Done(response);
            drop(state);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }

    /// Wakes whoever waits for the response, though it is not there.
    pub(crate) fn remind(&self) {
        let waker = match &mut *self.0.lock() {
            State::Waiting(waker) => waker.take(),
            State::Done(_) | State::Taken => None,
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Takes the response, or asks to be woken when it is there.
    #[inline]
    pub(crate) fn poll(&self, cx: &mut Context<'_>) -> Poll<Result<Answer>> {
        let mut state = self.0.lock();
        match &mut *state {
            State::Waiting(waker) => {
                match waker {
                    Some(waker) => waker.clone_from(cx.waker()),
                    None => *waker = Some(cx.waker().clone()),
                }
                Poll::Pending
            }
            State::Done(_) => match mem::replace(&mut *state, State::Taken) {
                State::Done(response) => Poll::Ready(response),
                State::Waiting(_) | State::Taken => Poll::Ready(Err(Error::stopped())),
            },
            State::Taken => Poll::Ready(Err(Error::stopped())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_response_wins_and_is_taken_once() {
        let slot = ReplySlot::new();
        let mut cx = Context::from_waker(Waker::noop());
        assert!(slot.poll(&mut cx).is_pending());
        slot.complete(Ok(Answer::Here(())));
        slot.complete(Err(Error::stopped()));
        assert!(matches!(slot.poll(&mut cx), Poll::Ready(Ok(Answer::Here(())))));
        assert!(matches!(slot.poll(&mut cx), Poll::Ready(Err(_))));
    }
}
