//! Dead letters: what was given up, kept until someone looks at it.

use std::error::Error as StdError;
use std::fmt::Write as _;

use crate::actor::ActorId;
use crate::channel::Channel;
use crate::commit::Outbox;
use crate::error::Error;
use crate::event::Event;
use crate::flow::{Broadcast, Flow};
use crate::metadata::Metadata;
use crate::store::{DeadLetterSource, NewDeadLetter};
use crate::system::Env;

/// The channel on which dead letters are announced.
pub(crate) const CHANNEL: Channel = Channel::new("spawn.dead_letters");

/// The event of a subscription, given up after so many attempts.
pub(crate) fn of_event(
    subscriber: &str,
    pattern: &str,
    event: &Event,
    error: &Error,
    attempts: u32,
    at: u64,
) -> NewDeadLetter {
    let source = DeadLetterSource::Event { pattern: pattern.to_owned(), event: event.to_row() };
    NewDeadLetter { subscriber: subscriber.to_owned(), source, error: chain(error), attempts, at }
}

/// The error with its causes, in one line.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        // Writing to a `String` does not fail.
        let _written = write!(text, ": {cause}");
        next = cause.source();
    }
    text
}

/// The event that announces a dead letter; `None` if what was given up is an announcement itself.
pub(crate) fn announcement(env: &Env, letter: &NewDeadLetter, by: &ActorId) -> Option<Outbox> {
    if let DeadLetterSource::Event { event, .. } = &letter.source
        && event.event.channel == CHANNEL
    {
        return None;
    }
    let broadcast = Broadcast::to(CHANNEL, letter.error.clone());
    Outbox::new(env, Flow { broadcast }, Some(by), &Metadata::new()).ok()
}
