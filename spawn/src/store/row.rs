//! What a store holds, and what is written to it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::actor::ActorId;
use crate::channel::Channel;
use crate::event::Position;
use crate::metadata::Metadata;
use crate::tags::Tags;

/// The number of a saved state of an actor: 1 for the first, and one more for each commit that changed it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Revision(pub u64);

/// How often the data was opened; a system's commits carry the one that began with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Epoch(pub u64);

/// Names a subscription for ever. Ordered as the subscriptions were registered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubscriptionId(pub u64);

/// Names a call that waits in the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub u64);

/// Names a dead letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeadLetterId(pub u64);

macro_rules! display_as_number {
    ($($name:ident)*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

display_as_number!(Revision Epoch SubscriptionId CallId DeadLetterId);

/// How far a subscriber is: every subscription is done with the events before `position`, and those with an id up to
/// `subscription` are done with the event at `position` as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cursor {
    /// The event.
    pub position: Position,
    /// The last subscription that is done with it.
    pub subscription: SubscriptionId,
}

/// An encoded message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    /// The full name of its type.
    pub type_name: Cow<'static, str>,
    /// The bytes.
    pub bytes: Bytes,
}

/// What opening a store tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The epoch that began.
    pub epoch: Epoch,
    /// The position of the last event that was ever appended.
    pub head: Position,
    /// The number of the last batch that took effect; 0 if there was none.
    pub batch: u64,
    /// Chosen at random when the data was made: the upper half of the ids of its events.
    pub identity: u64,
}

/// What one action came to: all of it takes effect, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// The epoch of the system that sends it.
    pub epoch: Epoch,
    /// When it was made, in milliseconds since 1970.
    pub at: u64,
    /// The actor's new state and cursor.
    pub actor: Option<ActorWrite>,
    /// What was consumed, where that is not the event that the actor's own cursor names.
    pub consumed: Option<Consumed>,
    /// Events to append to the log.
    pub events: Vec<NewEvent>,
    /// Effects and scheduled calls.
    pub calls: Vec<NewCall>,
    /// The answer to a call with an idempotency key.
    pub answer: Option<Box<Answer>>,
    /// What is given up.
    pub dead_letter: Option<Box<NewDeadLetter>>,
    /// An instance that is parked, or is not parked any more.
    pub parking: Option<Parking>,
    /// A subscription that will not get events which it has not had.
    pub lapse: Option<Lapse>,
}

/// The part of a commit that belongs to a durable actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorWrite {
    /// The actor.
    pub actor: ActorId,
    /// The revision that has to be there: 0 if nothing was saved yet.
    pub expected: Revision,
    /// The state of the revision after `expected`; `None` if it has not changed, and then the revision stays.
    pub state: Option<Encoded>,
    /// How many revisions to keep, this one included; at least 1.
    pub keep: u16,
    /// How far the actor is with its subscriptions, if that has changed.
    pub cursor: Option<Cursor>,
    /// The tags that the actor has from here on, if they have changed. They have no revisions.
    pub tags: Option<Arc<Tags>>,
}

impl ActorWrite {
    /// Whether there is anything to write.
    pub(crate) fn changes_something(&self) -> bool {
        self.state.is_some() || self.cursor.is_some() || self.tags.is_some()
    }
}

/// An instance whose events wait for it while the others of its actor go on: it reads them from the log itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parking {
    /// The instance.
    pub actor: ActorId,
    /// It has had everything up to here, and not more for sure; `None` if it is parked no more.
    pub after: Option<Cursor>,
}

/// A subscription has missed the events up to a position, for good. Of one that does not exist nothing is noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lapse {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The last event that it missed.
    pub up_to: Position,
}

/// What is there once, and gone with the commit that consumes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consumed {
    /// The events up to a cursor, by a subscriber without a state of its own. The cursor has to be behind it.
    Events {
        /// The actor's id, or `external:` and a name.
        subscriber: String,
        /// How far it is now.
        cursor: Cursor,
    },
    /// A call, which has to be there.
    Call(CallId),
    /// A call, which has to be there and is due again later.
    Postponed {
        /// The call.
        call: CallId,
        /// When it is due, in milliseconds since 1970.
        due: u64,
        /// How often it has failed.
        attempts: u32,
    },
    /// A dead letter, which has to be there.
    DeadLetter(DeadLetterId),
}

/// An event on its way to the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The channel.
    pub channel: Channel,
    /// The message.
    pub payload: Encoded,
    /// The actor that publishes it.
    pub publisher: Option<ActorId>,
    /// What travels with it.
    pub metadata: Metadata,
    /// When it was published, in milliseconds since 1970.
    pub at: u64,
}

/// An event in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Where it stands.
    pub position: Position,
    /// What was appended.
    pub event: NewEvent,
}

/// An effect or a scheduled call on its way to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCall {
    /// When it is due, in milliseconds since 1970; [`AT_ONCE`](NewCall::AT_ONCE) is no time.
    pub due: u64,
    /// Who is called.
    pub target: ActorId,
    /// The action, in any of its spellings.
    pub action: String,
    /// The message.
    pub payload: Encoded,
    /// The actor that made the call.
    pub caller: Option<ActorId>,
    /// What travels with it.
    pub metadata: Metadata,
}

impl NewCall {
    /// Due whatever the clock says later, also one that was set back.
    pub const AT_ONCE: u64 = 0;

    /// When it is due, in milliseconds since 1970; `None` for what is due at once, of which no time is known.
    pub fn due_at(&self) -> Option<u64> {
        (self.due != Self::AT_ONCE).then_some(self.due)
    }
}

/// A call that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// Its id.
    pub id: CallId,
    /// How often it has failed.
    pub attempts: u32,
    /// The call.
    pub call: NewCall,
}

/// Names the answer to a call: the actor, the action and the caller's key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AnswerKey {
    /// Who was called.
    pub actor: ActorId,
    /// The name of the action, in snake case.
    pub action: String,
    /// What the caller chose.
    pub key: String,
}

/// The answer to a call with an idempotency key. One that is there and has not expired is not replaced: the commit is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whose it is.
    pub key: AnswerKey,
    /// The response.
    pub response: Encoded,
    /// When the answer was given, in milliseconds since 1970.
    pub at: u64,
    /// Until when it is kept, in milliseconds since 1970.
    pub expires: u64,
}

/// Something that was given up, on its way to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDeadLetter {
    /// Who could not handle it: the actor's id, or `external:` and a name.
    pub subscriber: String,
    /// What it is.
    pub source: DeadLetterSource,
    /// What went wrong at the last attempt, with its causes.
    pub error: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was given up, in milliseconds since 1970.
    pub at: u64,
}

/// What was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeadLetterSource {
    /// An event of a subscription.
    Event {
        /// The pattern of the subscription, as it is registered.
        pattern: String,
        /// The event.
        event: EventRow,
    },
    /// An effect or a scheduled call.
    Call(NewCall),
    /// The events of a subscription that left the log before the subscriber had them.
    Missed {
        /// The pattern of the subscription, as it is registered.
        pattern: String,
        /// The subscriber has had the events up to here.
        after: Position,
        /// The last event that it missed.
        up_to: Position,
    },
}

/// A dead letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetterRow {
    /// Its id.
    pub id: DeadLetterId,
    /// What was given up.
    pub letter: NewDeadLetter,
}

/// A subscription that the program has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubscription {
    /// The actor's name, or `external:` and a name.
    pub subscriber: String,
    /// The channel or pattern; with `#2` behind it for the second entry of an actor with the same one, and so on.
    pub pattern: String,
    /// Whether a new subscription begins with the oldest event that is kept, instead of with the next one.
    pub from_start: bool,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionRow {
    /// Its id.
    pub id: SubscriptionId,
    /// The actor's name, or `external:` and a name.
    pub subscriber: String,
    /// The channel or pattern; with `#2` behind it for the second entry of an actor with the same one, and so on.
    pub pattern: String,
    /// It gets the events after this position.
    pub since: Position,
    /// The events up to this position which it had not had are gone, and it will not get them. Of one that was to begin with the
    /// oldest event: what had left the log before it was there.
    pub lapsed: Option<Position>,
}

/// Which events are to leave the log.
#[derive(Clone, Copy)]
pub struct Trim<'t> {
    /// Those after this one,
    pub after: Position,
    /// up to this one,
    pub up_to: Position,
    /// and to the first that was not published before this time, in milliseconds since 1970,
    pub before: u64,
    /// if their channel is one of these.
    pub goes: &'t dyn Fn(&Channel) -> bool,
    /// How many events are looked at, at most.
    pub limit: usize,
}

/// What left the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trimmed {
    /// The last event that was looked at; where the trimming began if none was.
    pub reached: Position,
    /// How many were looked at.
    pub looked_at: usize,
    /// How many left.
    pub gone: usize,
}

impl fmt::Debug for Trim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { after, up_to, before, limit, .. } = self;
        write!(f, "Trim({after}..={up_to}, before {before}, {limit})")
    }
}

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It took effect.
    Committed {
        /// The position of its first event; of the last event in the log if it has none.
        first: Position,
        /// The id of its first call; 0 if it has none. The others follow without a gap.
        first_call: CallId,
        /// The id of its dead letter; 0 if it has none.
        dead_letter: DeadLetterId,
    },
    /// It was refused: the actor's revision is another one, or the epoch is over.
    Stale {
        /// The revision that is there.
        found: Revision,
    },
    /// It was refused: what it consumes is not there any more, its cursor is not ahead, or its answer was given before.
    Gone,
}

/// An actor's newest saved state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredActor {
    /// The number of the state; 0 if only the cursor was saved.
    pub revision: Revision,
    /// The state.
    pub state: Option<Encoded>,
    /// How far the actor is with its subscriptions.
    pub cursor: Option<Cursor>,
    /// The tags that it has set; `None` if it never has.
    pub tags: Option<Arc<Tags>>,
}

/// Which actors are looked for by their tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagQuery {
    /// The tags that they have to have set, all of them.
    pub tags: Vec<(String, String)>,
    /// The name that they have to have, if any.
    pub name: Option<String>,
    /// The unnamed actors of which the saved instances are meant as well that never have set any tags.
    pub untagged: Vec<String>,
    /// Only ids after this one.
    pub after: Option<ActorId>,
    /// At most so many.
    pub limit: usize,
}

/// A kept revision of an actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionRow {
    /// Its number.
    pub revision: Revision,
    /// The state.
    pub state: Encoded,
    /// When it was committed, in milliseconds since 1970.
    pub at: u64,
}
