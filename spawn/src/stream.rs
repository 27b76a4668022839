//! Events for whoever reads them: streams, and the queues of external subscribers.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use parking_lot::Mutex;

use crate::channel::Pattern;
use crate::event::Event;
use crate::system::Env;

/// How many events wait for a reader before the oldest are dropped, and counted.
const CAPACITY: usize = 16_384;

/// Events from one publisher of events to one reader, who may be slow.
#[derive(Debug, Default)]
pub(crate) struct EventQueue {
    /// Who reads, if that is an external subscriber.
    name: &'static str,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Event>,
    missed: u64,
    waker: Option<Waker>,
    /// Whether the reader works on an event that it has taken.
    in_hand: bool,
    closed: bool,
}

impl EventQueue {
    /// The queue of an external subscriber.
    pub(crate) fn of(name: &'static str) -> Self {
        Self { name, state: Mutex::default() }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn push(&self, event: Event) {
        let mut state = self.state.lock();
        if state.closed {
            return;
        }
        if state.waiting.len() == CAPACITY {
            let dropped = state.waiting.pop_front();
            state.missed += 1;
            if state.missed.is_power_of_two() {
                tracing::warn!(
                    ?dropped,
                    missed = state.missed,
                    "a transient subscriber is too slow"
                );
            }
        }
        state.waiting.push_back(event);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The next event; `None` when the queue is closed and empty.
    pub(crate) fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        let mut state = self.state.lock();
        state.in_hand = false;
        match state.waiting.pop_front() {
            Some(event) => {
                state.in_hand = true;
                Poll::Ready(Some(event))
            }
            None if state.closed => Poll::Ready(None),
            None => {
                state.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    fn try_next(&self) -> Option<Event> {
        self.state.lock().waiting.pop_front()
    }

    pub(crate) async fn next(&self) -> Option<Event> {
        std::future::poll_fn(|cx| self.poll_next(cx)).await
    }

    /// No more events come; those that wait can still be read.
    pub(crate) fn close(&self) {
        let mut state = self.state.lock();
        state.closed = true;
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether everything that was pushed was taken, and is done with.
    pub(crate) fn is_idle(&self) -> bool {
        let state = self.state.lock();
        state.waiting.is_empty() && !state.in_hand
    }

    /// Whether the reader works on an event.
    pub(crate) fn is_in_hand(&self) -> bool {
        self.state.lock().in_hand
    }

    fn missed(&self) -> u64 {
        self.state.lock().missed
    }
}

/// The events of the channels of a pattern, from now on; from [`System::subscribe`](crate::System::subscribe).
///
/// It is transient: a publisher never waits for it, and of events that are not read in time the oldest are dropped once 16,384
/// wait, which is counted ([`missed`](EventStream::missed)) and logged. It ends when the system stops.
///
/// # Examples
///
/// ```
/// # use spawn::prelude::*;
/// # async fn example(system: System) -> spawn::Result<()> {
/// let mut events = system.subscribe("order.*")?;
/// while let Some(event) = events.next().await {
///     println!("{} on {}", event.type_name(), event.channel());
/// }
/// # Ok(()) }
/// ```
pub struct EventStream {
    queue: Arc<EventQueue>,
    pattern: Pattern,
    env: Arc<Env>,
}

impl EventStream {
    pub(crate) fn new(queue: Arc<EventQueue>, pattern: Pattern, env: Arc<Env>) -> Self {
        Self { queue, pattern, env }
    }

    /// The next event; `None` when the system has stopped.
    ///
    /// # Cancel safety
    /// No event is lost if the future is dropped before it is ready.
    pub async fn next(&mut self) -> Option<Event> {
        self.queue.next().await
    }

    /// The next event, if one waits; `None` says nothing about whether more will come.
    pub fn try_next(&mut self) -> Option<Event> {
        self.queue.try_next()
    }

    /// How many events were dropped because they were not read in time.
    pub fn missed(&self) -> u64 {
        self.queue.missed()
    }

    /// The pattern that it is subscribed to.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }
}

impl Stream for EventStream {
    type Item = Event;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event>> {
        self.queue.poll_next(cx)
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.env.channels.unsubscribe_queue(&self.pattern, &self.queue);
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").field("pattern", &self.pattern).finish_non_exhaustive()
    }
}
