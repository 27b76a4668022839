//! Events: messages that were published to a channel.

mod replicas;

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use crate::actor::ActorId;
use crate::channel::Channel;
use crate::clock;
use crate::error::Result;
use crate::message::{Message, TypeName};
use crate::metadata::Metadata;
use crate::parcel::Parcel;
use crate::store::{Encoded, EventRow, NewEvent};

use self::replicas::Replicas;

/// A message that was published to a channel, with where it came from.
///
/// An action clause that takes an `Event` takes events of every type, undecoded. A clone is cheap: all subscribers share one.
/// # Examples
///
/// ```
/// # use spawn::prelude::*;
/// # #[derive(Default)] pub struct Log { lines: Vec<String> }
/// #[actor(stateful = false, name = "doc_log", channels = [("doc.log.>", note)])]
/// impl Log {
///     /// Takes events of any type.
///     #[action]
///     fn note(&mut self, event: Event) -> Result<(), spawn::Error> {
///         let text = if event.is::<i64>() {
///             event.decode::<i64>()?.to_string()
///         } else {
///             event.type_name().to_string()
///         };
///         self.lines.push(format!("{} {text}", event.channel()));
///         Ok(())
///     }
///
///     #[action]
///     fn last(&self) -> Option<String> {
///         self.lines.last().cloned()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> spawn::Result<()> {
/// # let system = System::builder("doc").in_memory().only::<(Log,)>().start().await?;
/// system.broadcast(Broadcast::to("doc.log.sum", 5_i64)).await?;
/// system.settled().await;
/// assert_eq!(system.actor::<Log>().last().await?.as_deref(), Some("doc.log.sum 5"));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Event {
    published: Arc<Published>,
    attempt: u32,
}

struct Published {
    id: EventId,
    position: Position,
    channel: Channel,
    publisher: Option<ActorId>,
    at: SystemTime,
    metadata: Metadata,
    payload: Parcel,
    /// Whether it is in the log.
    durable: bool,
    replicas: Replicas,
}

/// The channel of an event that was made for a clause which takes an [`Event`] and was called directly.
const DIRECT: Channel = Channel::new("spawn.call");

impl Event {
    #[expect(clippy::too_many_arguments, reason = "the parts of an event")]
    pub(crate) fn new(
        id: EventId,
        position: Position,
        channel: Channel,
        publisher: Option<ActorId>,
        at: SystemTime,
        metadata: Metadata,
        payload: Parcel,
        durable: bool,
    ) -> Self {
        let replicas = Replicas::default();
        let shared = Published {
            id,
            position,
            channel,
            publisher,
            at,
            metadata,
            payload,
            durable,
            replicas,
        };
        Self { published: Arc::new(shared), attempt: 1 }
    }

    /// The event of a row of the log of the store `identity`.
    pub(crate) fn from_row(identity: u64, row: EventRow) -> Self {
        let EventRow { position, event } = row;
        Self::new(
            EventId::durable(identity, position),
            position,
            event.channel,
            event.publisher,
            clock::calendar(event.at),
            event.metadata,
            Parcel::encoded(&event.payload.type_name, event.payload.bytes),
            true,
        )
    }

    /// The row that the event is in the log, with its payload encoded.
    pub(crate) fn to_row(&self, payload: Encoded) -> EventRow {
        let Published { position, channel, publisher, at, metadata, .. } = &*self.published;
        let at = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let event = NewEvent {
            channel: channel.clone(),
            payload,
            publisher: publisher.clone(),
            metadata: metadata.clone(),
            at: clock::millis(at),
        };
        EventRow { position: *position, event }
    }

    /// Whether it is in the log.
    pub(crate) fn is_durable(&self) -> bool {
        self.published.durable
    }

    /// An event that no channel carried, for a direct call of a clause that takes an `Event`.
    pub(crate) fn direct(payload: Parcel) -> Self {
        Self::new(
            EventId(0),
            Position(0),
            DIRECT,
            None,
            SystemTime::now(),
            Metadata::new(),
            payload,
            false,
        )
    }

    /// A clone for one of many subscribers.
    #[inline]
    pub(crate) fn near(&self) -> Self {
        let published = self.published.replicas.near(&self.published);
        Self { published: Arc::clone(published), attempt: self.attempt }
    }

    #[must_use]
    pub(crate) fn with_attempt(self, attempt: u32) -> Self {
        Self { attempt, ..self }
    }

    /// The channel it was published to; `spawn.call` if an action that takes an `Event` was called directly.
    pub fn channel(&self) -> &Channel {
        &self.published.channel
    }

    /// Names the event for ever: the same over retries and restarts, and no other event has it.
    pub fn id(&self) -> EventId {
        self.published.id
    }

    /// Where it stands among the events of the system.
    pub fn position(&self) -> Position {
        self.published.position
    }

    /// The actor that published it; `None` if it came from outside of an action.
    pub fn publisher(&self) -> Option<&ActorId> {
        self.published.publisher.as_ref()
    }

    /// When it was published, by the clock of the machine, which may be set back.
    pub fn published_at(&self) -> SystemTime {
        self.published.at
    }

    /// What travelled with the call that published it.
    pub fn metadata(&self) -> &Metadata {
        &self.published.metadata
    }

    /// How often it was handed to this subscriber, this time included: 1 at first.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The full name of the message's type.
    pub fn type_name(&self) -> TypeName<'_> {
        self.published.payload.type_name()
    }

    /// Whether the message is an `M`, judged by its name.
    pub fn is<M: Message + 'static>(&self) -> bool {
        self.published.payload.is::<M>()
    }

    /// The message as an `M`: a clone of the value, or decoded from its bytes. [`downcast_ref`](Event::downcast_ref) makes no clone.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if it is of another type, or its bytes are no `M`.
    pub fn decode<M: Message + 'static>(&self) -> Result<M> {
        self.published.payload.decode()
    }

    /// The message itself, if it is an `M` that was never encoded: no clone is made.
    pub fn downcast_ref<M: Message + 'static>(&self) -> Option<&M> {
        self.published.payload.downcast_ref()
    }

    /// The message.
    pub fn payload(&self) -> &Parcel {
        &self.published.payload
    }

    /// As `payload().clone().into_message()`, but the last of the subscribers gets the value itself.
    pub(crate) fn into_message<M: Message + 'static>(self) -> Result<M> {
        match Arc::try_unwrap(self.published) {
            Ok(published) => published.payload.into_message(),
            Err(published) => published.payload.decode(),
        }
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.channel())?;
        self.payload().fmt(f)
    }
}

/// Names an event for ever. `Display` prints 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventId(pub(crate) u128);

impl EventId {
    /// The id of the event at `position` of the log of the store `identity`.
    pub(crate) fn durable(identity: u64, position: Position) -> Self {
        Self((u128::from(identity) << 64) | u128::from(position.0))
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Where an event stands in the log. Positions are ordered as the events were published; nothing else is promised of them.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position(pub(crate) u64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
