//! Dead letters: what was given up, kept until someone looks at it.

use std::error::Error as StdError;
use std::fmt::Write as _;

use std::sync::{Arc, Weak};
use std::time::SystemTime;

use bytes::Bytes;

use crate::actor::ActorId;
use crate::call::CallOptions;
use crate::channel::Channel;
use crate::clock;
use crate::commit::Outbox;
use crate::dispatch::Input;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Event, Position};
use crate::flow::{Broadcast, Flow};
use crate::metadata::Metadata;
use crate::parcel::Parcel;
use crate::runtime::{Invoke, Source};
use crate::store::{
    Commit, Consumed, DeadLetterId, DeadLetterRow, DeadLetterSource, Encoded, NewCall,
    NewDeadLetter,
};
use crate::system::{Core, Env, System};

/// The dead letters of a system; from [`System::dead_letters`].
///
/// An event that keeps failing, or fails with an error that says that trying again is of no use, is put here in the commit that
/// moves its subscriber on. It stays until it is replayed or discarded. Each is announced on the channel `spawn.dead_letters`.
/// # Examples
///
/// ```
/// # use spawn::prelude::*;
/// # #[derive(Default)] pub struct Bookkeeper;
/// #[actor(stateful = false, name = "doc_bookkeeper", channels = [("doc.payments", book)])]
/// impl Bookkeeper {
///     #[action]
///     fn book(&self, cents: i64) -> Result<(), ActionError> {
///         match cents {
///             ..0 => Err(ActionError::new("negative", "this is no payment").fatal()),
///             _ => Ok(()),
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// # let system = System::builder("doc").in_memory().only::<(Bookkeeper,)>().start().await?;
/// system.broadcast(Broadcast::to("doc.payments", -5_i64)).await?;
/// system.settled().await;
///
/// let letters = system.dead_letters();
/// let letter = &letters.list().await?[0];
/// assert_eq!(letter.subscriber(), "doc_bookkeeper");
/// assert!(letter.error().contains("this is no payment"));
/// // It fails once more, and so it stays.
/// assert!(letters.replay(letter.id()).await.is_err());
/// assert!(letters.discard(letter.id()).await?);
/// # Ok(()) }
/// ```
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
    /// [`ErrorKind::Storage`] if they cannot be read,
    /// [`ErrorKind::Stopped`] if the system has stopped.
    pub async fn list(&self) -> Result<Vec<DeadLetter>> {
        let mut all: Vec<DeadLetter> = Vec::new();
        loop {
            let after = all.last().map(DeadLetter::id).unwrap_or_default();
            let page = self.page(after, PAGE).await?;
            let is_last = page.len() < PAGE;
            all.extend(page);
            if is_last {
                return Ok(all);
            }
        }
    }

    /// Those after the id `after` (`DeadLetterId::default()` for the first ones), the oldest first, at most `limit`.
    ///
    /// # Errors
    /// As for [`list`](DeadLetters::list).
    pub async fn page(&self, after: DeadLetterId, limit: usize) -> Result<Vec<DeadLetter>> {
        let env = &self.system.core()?.env;
        let rows = env.read(move |store| store.dead_letters(after, limit)).await?;
        let identity = env.opened.identity;
        Ok(rows.into_iter().map(|row| DeadLetter { row, identity }).collect())
    }

    /// Hands the event or the call over once more, under its own id, and whatever the subscriber has handled since. When it is
    /// handled, the dead letter is gone, in the same commit; if it fails, the dead letter stays as it is.
    ///
    /// # Errors
    /// What the action came to; [`ErrorKind::Stale`] if there is no such dead letter any more, or if it is about events that were
    /// [missed](DeadLetter::missed).
    pub async fn replay(&self, id: DeadLetterId) -> Result<()> {
        let letter = get(&self.system.core()?.env, id).await?;
        if letter.subscriber().starts_with("external:") {
            return self.replay_external(letter).await;
        }
        let actor = ActorId::parse(letter.subscriber())?;
        let instances = self.system.instances_by_name(actor.name())?;
        let (action, payload, event, metadata) = match &letter.row.letter.source {
            DeadLetterSource::Event { pattern, event } => {
                let action = instances.handler_of(pattern)?;
                let event = Event::from_row(letter.identity, event.clone());
                let event = event.with_attempt(letter.attempts() + 1);
                let metadata = event.metadata().clone();
                (action, Input::Event(event.clone()), Some(event), metadata)
            }
            DeadLetterSource::Call(call) => {
                let payload = Parcel::encoded(&call.payload.type_name, call.payload.bytes.clone());
                (call.action.clone(), Input::Parcel(payload), None, call.metadata.clone())
            }
            DeadLetterSource::Missed { .. } => return Err(letter.is_gone()),
        };
        let source = Some(Source::Letter(id, event));
        let options = CallOptions { metadata, source, ..CallOptions::default() };
        let instance = actor.instance().map(str::to_owned);
        let invoke = Invoke { instance, action, payload, origin: None, options, cast: false };
        instances.invoke(invoke).await.map(drop)
    }

    async fn replay_external(&self, letter: DeadLetter) -> Result<()> {
        let env = &self.system.core()?.env;
        let Some(event) = letter.event() else { return Err(letter.is_gone()) };
        let reader = env
            .readers
            .lock()
            .iter()
            .find(|reader| reader.subscriber == letter.subscriber())
            .map(Arc::clone);
        let Some(reader) = reader else {
            let message = format!("the system `{}` has no {}", env.name, letter.subscriber());
            return Err(Error::new(ErrorKind::UnknownActor, message));
        };
        reader.replay(letter.id(), event.with_attempt(letter.attempts() + 1)).await
    }

    /// Forgets a dead letter; `false` if there was none.
    ///
    /// # Errors
    /// [`ErrorKind::Storage`] if that could not be saved, [`ErrorKind::Stopped`] if the system has stopped.
    pub async fn discard(&self, id: DeadLetterId) -> Result<bool> {
        let env = &self.system.core()?.env;
        let commit = Commit { consumed: Some(Consumed::DeadLetter(id)), ..env.new_commit() };
        match env.save(Some(commit), None).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == ErrorKind::Stale => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// The dead letter of this id.
pub(crate) async fn get(env: &Env, id: DeadLetterId) -> Result<DeadLetter> {
    let before = DeadLetterId(id.0.saturating_sub(1));
    let rows = env.read(move |store| store.dead_letters(before, 1)).await?;
    let identity = env.opened.identity;
    let found = rows.into_iter().find(|row| row.id == id);
    found
        .map(|row| DeadLetter { row, identity })
        .ok_or_else(|| Error::new(ErrorKind::Stale, format!("there is no dead letter {id}")))
}

impl DeadLetter {
    fn is_gone(&self) -> Error {
        let message = format!("the dead letter {} is about events that are gone", self.id());
        Error::new(ErrorKind::Stale, message)
    }

    /// Names it for ever.
    pub fn id(&self) -> DeadLetterId {
        self.row.id
    }

    /// Who could not handle it: the id of an actor, or `external:` and the name of an external subscriber.
    pub fn subscriber(&self) -> &str {
        &self.row.letter.subscriber
    }

    /// The event that was given up; `None` if it was an effect or a scheduled call, or if events were missed.
    pub fn event(&self) -> Option<Event> {
        match &self.row.letter.source {
            DeadLetterSource::Event { event, .. } => {
                Some(Event::from_row(self.identity, event.clone()))
            }
            DeadLetterSource::Call(_) | DeadLetterSource::Missed { .. } => None,
        }
    }

    /// The effect or the scheduled call that was given up; `None` if it was an event, or if events were missed.
    pub fn call(&self) -> Option<&NewCall> {
        match &self.row.letter.source {
            DeadLetterSource::Call(call) => Some(call),
            DeadLetterSource::Event { .. } | DeadLetterSource::Missed { .. } => None,
        }
    }

    /// The events that left the log before the subscriber had them: those after the first position, up to the second. `None` if
    /// something was given up that was tried.
    ///
    /// They are gone; discard the dead letter when that was dealt with.
    pub fn missed(&self) -> Option<(Position, Position)> {
        match self.row.letter.source {
            DeadLetterSource::Missed { after, up_to, .. } => Some((after, up_to)),
            DeadLetterSource::Event { .. } | DeadLetterSource::Call(_) => None,
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

/// How many characters of an error are announced.
const MOST_SAID: usize = 4_096;

/// The note that names the dead letters whose replay was asked for while the system was stopped.
pub(crate) const REPLAYS: &str = "replays";

/// The dead letters that a note names.
pub(crate) fn from_note(note: &[u8]) -> Vec<DeadLetterId> {
    note.as_chunks().0.iter().map(|id| DeadLetterId(u64::from_be_bytes(*id))).collect()
}

/// As [`from_note`] reads it.
pub(crate) fn to_note(letters: &[DeadLetterId]) -> Vec<u8> {
    letters.iter().flat_map(|id| id.0.to_be_bytes()).collect()
}

/// Replays the dead letters that were asked for while the system was stopped, one after the other. One that fails again stays.
pub(crate) async fn replay_asked(core: Weak<Core>, env: Arc<Env>) {
    let mut asked = match env.read(|store| store.note(REPLAYS)).await {
        Ok(note) => from_note(&note.unwrap_or_default()),
        Err(error) => return tracing::error!(?error, "dead letters are not replayed"),
    };
    asked.reverse();
    while let Some(letter) = asked.pop() {
        let Some(core) = core.upgrade() else { return };
        let letters = DeadLetters::new(System::from_core(Some(core)));
        match letters.replay(letter).await {
            Ok(()) => tracing::info!(%letter, "a dead letter was replayed"),
            // The next start has another try.
            Err(error) if matches!(error.kind(), ErrorKind::Storage | ErrorKind::Stopped) => {
                return tracing::warn!(%letter, ?error, "a dead letter has to wait");
            }
            Err(error) => tracing::error!(%letter, ?error, "a dead letter was not replayed"),
        }
        // The first one is the last of the list.
        let note = to_note(&asked.iter().rev().copied().collect::<Vec<_>>());
        if let Err(error) = env.read(move |store| store.set_note(REPLAYS, &note)).await {
            // One that was replayed is not there any more, and one that was not may be tried again.
            tracing::warn!(?error, "the replays are not noted");
        }
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
    let mut error = chain(error);
    // One of a durable channel was encoded when it was published.
    let payload = event.payload().to_encoded().unwrap_or_else(|cause| {
        error = format!("{error}; its payload is not here: {}", chain(&cause));
        Encoded { type_name: event.payload().full_name(), bytes: Bytes::new() }
    });
    let event = event.to_row(payload);
    let source = DeadLetterSource::Event { pattern: pattern.to_owned(), event };
    NewDeadLetter { subscriber: subscriber.to_owned(), source, error, attempts, at }
}

/// An effect or a scheduled call, given up after so many attempts.
pub(crate) fn of_call(call: NewCall, error: &Error, attempts: u32, at: u64) -> NewDeadLetter {
    let subscriber = call.target.to_string();
    let source = DeadLetterSource::Call(call);
    NewDeadLetter { subscriber, source, error: chain(error), attempts, at }
}

/// Events that left the log before the subscriber had them.
pub(crate) fn of_missed(
    subscriber: &str,
    pattern: &str,
    (after, up_to): (Position, Position),
    at: u64,
) -> NewDeadLetter {
    let pattern = pattern.to_owned();
    let error = format!(
        "{subscriber} has missed events of `{pattern}`: those after {after}, up to {up_to}, left the log before it had them"
    );
    let source = DeadLetterSource::Missed { pattern, after, up_to };
    NewDeadLetter { subscriber: subscriber.to_owned(), source, error, attempts: 0, at }
}

/// The error with its causes, in one line.
pub(crate) fn chain(error: &Error) -> String {
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
pub(crate) fn announcement(
    env: &Env,
    letter: &NewDeadLetter,
    by: Option<&ActorId>,
) -> Option<Outbox> {
    if let DeadLetterSource::Event { event, .. } = &letter.source
        && event.event.channel == CHANNEL
    {
        return None;
    }
    // What is said in full is in the letter.
    let said: String = letter.error.chars().take(MOST_SAID).collect();
    let broadcast = Broadcast::to(CHANNEL, said);
    Outbox::new(env, Flow { broadcast, ..Flow::default() }, by, &Metadata::new()).ok()
}
