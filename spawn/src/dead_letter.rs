//! Dead letters: what was given up, kept until someone looks at it.

use std::error::Error as StdError;
use std::fmt::Write as _;

use std::sync::Arc;
use std::time::SystemTime;

use crate::actor::ActorId;
use crate::channel::Channel;
use crate::clock;
use crate::commit::Outbox;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::flow::{Broadcast, Flow};
use crate::metadata::Metadata;
use crate::store::{DeadLetterId, DeadLetterRow, DeadLetterSource, NewDeadLetter};
use crate::system::{Env, System};

/// The dead letters of a system; from [`System::dead_letters`].
///
/// An event that keeps failing, or fails with an error that says that trying again is of no use, is put here in the commit that
/// moves its subscriber on. It stays until it is replayed or discarded. Each is announced on the channel `spawn.dead_letters`.
#[derive(Clone, Debug)]
pub struct DeadLetters {
    system: System,
}

/// Something that was given up.
#[derive(Clone, Debug)]
pub struct DeadLetter {
    row: DeadLetterRow,
    identity: u64,
}

/// How many dead letters are read at once.
const PAGE: usize = 256;

impl DeadLetters {
    pub(crate) fn new(system: System) -> Self {
        Self { system }
    }

    /// All of them, the oldest first.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`](crate::ErrorKind::Storage) if they cannot be read,
    /// [`ErrorKind::Stopped`](crate::ErrorKind::Stopped) if the system has stopped.
    pub async fn list(&self) -> Result<Vec<DeadLetter>> {
        let env = Arc::clone(&self.system.core()?.env);
        let mut all: Vec<DeadLetter> = Vec::new();
        loop {
            let after = all.last().map(DeadLetter::id).unwrap_or_default();
            let rows = env.read(move |store| store.dead_letters(after, PAGE)).await?;
            let is_last = rows.len() < PAGE;
            let identity = env.opened.identity;
            all.extend(rows.into_iter().map(|row| DeadLetter { row, identity }));
            if is_last {
                return Ok(all);
            }
        }
    }
}

impl DeadLetter {
    /// Names it for ever.
    pub fn id(&self) -> DeadLetterId {
        self.row.id
    }

    /// Who could not handle it: the id of an actor, or `external:` and the name of an external subscriber.
    pub fn subscriber(&self) -> &str {
        &self.row.letter.subscriber
    }

    /// The event that was given up; `None` if it was an effect or a scheduled call.
    pub fn event(&self) -> Option<Event> {
        match &self.row.letter.source {
            DeadLetterSource::Event { event, .. } => {
                Some(Event::from_row(self.identity, event.clone()))
            }
            DeadLetterSource::Call(_) => None,
        }
    }

    /// What went wrong at the last attempt, with its causes.
    pub fn error(&self) -> &str {
        &self.row.letter.error
    }

    /// How often it was tried.
    pub fn attempts(&self) -> u32 {
        self.row.letter.attempts
    }

    /// When it was given up.
    pub fn at(&self) -> SystemTime {
        clock::calendar(self.row.letter.at)
    }
}

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
