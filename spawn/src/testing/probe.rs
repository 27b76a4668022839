//! Listening to channels in a test.

use std::fmt::Write;
use std::panic::Location;
use std::time::Duration;

use crate::event::Event;
use crate::message::{Message, TypeName};
use crate::stream::EventStream;
use crate::system::System;

/// Listens to the channels of a pattern; from [`TestSystem::probe`](super::TestSystem::probe).
///
/// When something else happened than was expected, its methods panic with the line of the test and a list of what did happen.
#[derive(Debug)]
pub struct Probe {
    system: System,
    events: EventStream,
    patience: Duration,
    /// Everything that came so far, for the message of a panic.
    seen: Vec<Event>,
}

impl Probe {
    pub(super) fn new(system: System, events: EventStream) -> Self {
        Self { system, events, patience: Duration::from_secs(1), seen: Vec::new() }
    }

    /// How long its methods wait; one second unless this says otherwise. Under paused time that is no real time.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Waits for the next event, which has to be an `M`.
    ///
    /// # Panics
    /// If none comes in time, or one of another type.
    #[track_caller]
    pub fn expect<M: Message + 'static>(&mut self) -> impl Future<Output = M> {
        let caller = Location::caller();
        async move {
            let wanted = TypeName::of::<M>();
            let Some(event) = self.next().await else {
                self.fail(caller, &format!("no {wanted} came within {:?}", self.patience))
            };
            if !event.is::<M>() {
                self.fail(caller, &format!("expected a {wanted}, got {event:?}"));
            }
            match event.decode() {
                Ok(message) => message,
                Err(error) => self.fail(caller, &error.to_string()),
            }
        }
    }

    /// Waits for the next event, of any type.
    ///
    /// # Panics
    /// If none comes in time.
    #[track_caller]
    pub fn expect_event(&mut self) -> impl Future<Output = Event> {
        let caller = Location::caller();
        async move {
            match self.next().await {
                Some(event) => event,
                None => self.fail(caller, &format!("no event came within {:?}", self.patience)),
            }
        }
    }

    /// Waits until no message is in flight, and makes sure that no event came that was not taken.
    ///
    /// # Panics
    /// If one did.
    #[track_caller]
    pub fn expect_none(&mut self) -> impl Future<Output = ()> {
        let caller = Location::caller();
        async move {
            // Something that waits for longer than that will not publish within it.
            let _settled = tokio::time::timeout(self.patience, self.system.settled()).await;
            if let Some(event) = self.events.try_next() {
                self.seen.push(event.clone());
                self.fail(caller, &format!("expected no event, got {event:?}"));
            }
        }
    }

    async fn next(&mut self) -> Option<Event> {
        let event = tokio::time::timeout(self.patience, self.events.next()).await.ok().flatten()?;
        self.seen.push(event.clone());
        Some(event)
    }

    #[expect(clippy::panic, reason = "this is how a test fails")]
    fn fail(&self, caller: &Location<'_>, what: &str) -> ! {
        let mut message = format!("{caller}: {what}\nthe probe of {:?} saw", self.events.pattern());
        if self.seen.is_empty() {
            message.push_str(" nothing");
        }
        for event in &self.seen {
            // Writing to a `String` cannot fail.
            let _written = write!(message, "\n  {event:?}");
        }
        panic!("{message}")
    }
}
