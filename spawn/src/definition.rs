//! What `#[actor]` says, as data.

use std::any::TypeId;
use std::borrow::Cow;
use std::fmt;
use std::panic::Location;
use std::time::Duration;

use crate::actor::{Actor, Kind};
use crate::dispatch::{ClauseEntry, ResourceEntry, Table};
use crate::message::TypeName;
use crate::retry::Retry;

/// What `#[actor]` says of an actor, with the defaults filled in; from [`Actor::definition`].
///
/// `Display` prints a summary over several lines: the actor, its actions with what they take, its subscriptions.
#[derive(Debug)]
pub struct Definition {
    name: &'static str,
    type_name: &'static str,
    pub(crate) type_id: TypeId,
    location: &'static Location<'static>,
    kind: Kind,
    stateful: bool,
    deactivate_timeout: Duration,
    ask_timeout: Duration,
    mailbox: usize,
    retry: Retry,
    snapshot_timeout: Option<Duration>,
    actions: Vec<ActionDefinition>,
    channels: Vec<ChannelDefinition>,
    pub(crate) resources: &'static [ResourceEntry],
}

/// An action of a [`Definition`].
#[derive(Debug)]
pub struct ActionDefinition {
    name: &'static str,
    payloads: Vec<Option<TypeName<'static>>>,
}

/// An entry of `channels = [..]` of a [`Definition`].
#[derive(Debug)]
pub struct ChannelDefinition {
    pattern: &'static str,
    action: &'static str,
    from_start: bool,
    wake_eagerly: bool,
    routed: bool,
}

impl Definition {
    #[doc(hidden)]
    pub fn of<A: Actor>() -> Self {
        let table: &'static Table<A> = A::TABLE;
        Self {
            name: table.name,
            type_name: (table.type_name)(),
            type_id: TypeId::of::<A>(),
            location: table.location,
            kind: table.kind,
            stateful: table.state.is_some(),
            deactivate_timeout: table.deactivate_timeout,
            ask_timeout: table.ask_timeout,
            mailbox: table.mailbox as usize,
            retry: table.retry,
            snapshot_timeout: table.snapshot_timeout,
            actions: table
                .actions
                .iter()
                .map(|action| ActionDefinition {
                    name: action.name,
                    payloads: action.clauses.iter().map(ClauseEntry::payload).collect(),
                })
                .collect(),
            channels: table
                .channels
                .iter()
                .map(|entry| ChannelDefinition {
                    pattern: entry.pattern,
                    action: entry.action,
                    from_start: entry.from_start,
                    wake_eagerly: entry.wake_eagerly,
                    routed: table
                        .actions
                        .iter()
                        .any(|action| action.name == entry.action && action.is_routed()),
                })
                .collect(),
            resources: table.resources,
        }
    }

    /// The actor's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The Rust type with its module, for people: the spelling can change with the compiler.
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }

    /// The file and the line of the attribute.
    pub fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// How many instances there are.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether the state is durable.
    pub fn is_stateful(&self) -> bool {
        self.stateful
    }

    /// After how long without a message the actor leaves memory.
    pub fn deactivate_timeout(&self) -> Duration {
        self.deactivate_timeout
    }

    /// How long a call waits for its response, unless it says otherwise.
    pub fn ask_timeout(&self) -> Duration {
        self.ask_timeout
    }

    /// How many calls may wait for one instance; events are not among them.
    pub fn mailbox(&self) -> usize {
        self.mailbox
    }

    /// How often an event is tried before it is given up, the first time included.
    pub fn attempts(&self) -> u32 {
        self.retry.attempts
    }

    /// How often the state is saved where a response does not wait for that; `None` if it does.
    pub fn snapshot_timeout(&self) -> Option<Duration> {
        self.snapshot_timeout
    }

    /// The actions, in the order in which they were written.
    pub fn actions(&self) -> &[ActionDefinition] {
        &self.actions
    }

    /// The subscriptions, in the order in which they were written.
    pub fn channels(&self) -> &[ChannelDefinition] {
        &self.channels
    }
}

impl Definition {
    /// Whether the events of its channels find the one instance that they are for. All of them do, or none.
    pub(crate) fn is_routed(&self) -> bool {
        self.channels.iter().any(|channel| channel.routed)
    }

    /// Each subscription, in the order in which they were written.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry> {
        self.channels.iter().enumerate().filter_map(|(place, channel)| {
            let action = self.actions.iter().position(|action| action.name == channel.action)?;
            let earlier = self.channels.iter().take(place);
            let key = match earlier.filter(|it| it.pattern == channel.pattern).count() {
                0 => Cow::Borrowed(channel.pattern),
                // No pattern has a `#`.
                same => Cow::Owned(format!("{}#{}", channel.pattern, same + 1)),
            };
            let ChannelDefinition { pattern, from_start, wake_eagerly, .. } = *channel;
            Some(Entry { key, pattern, action, from_start, wake_eagerly })
        })
    }
}

/// A subscription of an actor, as the runtime sees it.
pub(crate) struct Entry {
    /// What the subscription is called in the store: the pattern, with a number behind it if it is not the first of the actor's
    /// with that pattern. A handler that is renamed keeps its place.
    pub(crate) key: Cow<'static, str>,
    pub(crate) pattern: &'static str,
    /// The place of the action in the dispatch table.
    pub(crate) action: usize,
    /// Whether it begins with the oldest event that is kept when it is new.
    pub(crate) from_start: bool,
    /// Whether passive instances are activated for an event.
    pub(crate) wake_eagerly: bool,
}

impl ActionDefinition {
    /// The name, in snake case.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The message that each clause takes, in the order in which they were written: `None` for a clause that takes every one,
    /// `google.protobuf.Empty` for one without a payload.
    pub fn payloads(&self) -> &[Option<TypeName<'static>>] {
        &self.payloads
    }
}

impl ChannelDefinition {
    /// The channel, or the pattern.
    pub fn pattern(&self) -> &'static str {
        self.pattern
    }

    /// The name of the action that handles the events.
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// Whether the subscription, when it is new, begins with the oldest event that is kept: `from = start`.
    pub fn is_from_start(&self) -> bool {
        self.from_start
    }

    /// Whether passive instances are activated for an event, instead of catching up before their next message: `wake = eager`.
    pub fn wakes_eagerly(&self) -> bool {
        self.wake_eagerly
    }

    /// Whether an event goes to the one instance that it names: `#[action(route = ..)]`.
    pub fn is_routed(&self) -> bool {
        self.routed
    }
}

impl fmt::Display for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.stateful { "stateful" } else { "stateless" };
        writeln!(f, "{} ({}, {state}, {})", self.name, self.kind, self.type_name)?;
        for action in &self.actions {
            let payloads: Vec<_> = action
                .payloads
                .iter()
                .map(|payload| payload.map_or("any".to_owned(), |name| name.to_string()))
                .collect();
            writeln!(f, "  {}({})", action.name, payloads.join(" | "))?;
        }
        for channel in &self.channels {
            writeln!(f, "  {} -> {}", channel.pattern, channel.action)?;
        }
        Ok(())
    }
}
