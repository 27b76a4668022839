//! What `#[actor]` says, as data.

use std::any::TypeId;
use std::borrow::Cow;
use std::panic::Location;
use std::time::Duration;

use crate::actor::{Actor, Kind};
use crate::dispatch::{ChannelEntry, ResourceEntry, ResponseName, Table, TimerEntry};
use crate::message::TypeName;
use crate::retry::Retry;
use crate::tags::Tags;

/// What `#[actor]` says of an actor, with the defaults filled in; from [`Actor::definition`].
///
/// `Display` prints it as a table: the actor, its actions with what they take and respond, its channels.
///
/// # Examples
///
/// ```
/// use spawn::prelude::*;
///
/// # #[message(name = "shop.OrderCreated")] pub struct OrderCreated { pub order_id: String }
/// #[message(name = "shop.OrderBook")]
/// pub struct OrderBook { ids: Vec<String> }
///
/// #[actor(channels = [("order.*", note)])]
/// impl OrderBook {
///     #[action]
///     fn note(&mut self, event: OrderCreated) {
///         self.ids.push(event.order_id);
///     }
///
///     #[action]
///     fn last(&self) -> Option<String> {
///         self.ids.last().cloned()
///     }
/// }
///
/// let text = OrderBook::definition().to_string();
/// let lines: Vec<_> = text.lines().skip(1).collect();
/// assert_eq!(lines, [
///     "  action     payload            response",
///     "    note     shop.OrderCreated  -",
///     "    last     -                  google.protobuf.StringValue or nothing",
///     "  channel    action             options",
///     "    order.*  note               -",
/// ]);
/// ```
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
    revisions: u16,
    tags: Tags,
    actions: Vec<ActionDefinition>,
    channels: Vec<ChannelDefinition>,
    publishes: &'static [&'static str],
    pub(crate) resources: &'static [ResourceEntry],
}

/// An action of a [`Definition`].
#[derive(Debug)]
pub struct ActionDefinition {
    name: &'static str,
    clauses: Vec<ClauseDefinition>,
    timer: Option<Duration>,
}

/// A clause of an action of a [`Definition`]: what it takes, and what it responds.
#[derive(Debug)]
pub struct ClauseDefinition {
    payload: Option<TypeName<'static>>,
    response: ResponseName,
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
        // No more than this is compiled for each actor.
        let mut actions = Vec::with_capacity(table.actions.len());
        let mut routed = Vec::new();
        for action in table.actions {
            let mut clauses = Vec::with_capacity(action.clauses.len());
            for clause in action.clauses {
                clauses.push(ClauseDefinition::new(clause.payload(), clause.response()));
            }
            if action.is_routed() {
                routed.push(action.name);
            }
            actions.push(ActionDefinition::new(action.name, clauses, table.timers));
        }
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
            revisions: table.revisions,
            tags: declared(table.tags),
            actions,
            channels: ChannelDefinition::all(table.channels, &routed),
            publishes: table.publishes,
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

    /// The tags of an actor that has set no others.
    pub fn tags(&self) -> &Tags {
        &self.tags
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

    /// How many revisions of the state are kept, the newest included; means nothing for `stateful = false`.
    pub fn revisions(&self) -> u16 {
        self.revisions
    }

    /// The actions, in the order in which they were written.
    pub fn actions(&self) -> &[ActionDefinition] {
        &self.actions
    }

    /// The subscriptions, in the order in which they were written.
    pub fn channels(&self) -> &[ChannelDefinition] {
        &self.channels
    }

    /// The channels that stand as text in a [`Broadcast`](crate::Broadcast) of the `impl` block, in alphabetical order: it may publish
    /// to them.
    ///
    /// A channel that is a constant or is computed is not among them, nor one that a function outside of the block names.
    pub fn publishes(&self) -> &'static [&'static str] {
        self.publishes
    }
}

impl Definition {
    /// Whether the events of its channels find the one instance that they are for. All of them do, or none.
    pub(crate) fn is_routed(&self) -> bool {
        self.channels.iter().any(|channel| channel.routed)
    }

    /// Whether each instance has a place of its own in the log.
    pub(crate) fn is_each_its_own(&self) -> bool {
        self.kind == Kind::Unnamed && !self.is_routed()
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

fn declared(tags: &[(&str, &str)]) -> Tags {
    tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

impl ActionDefinition {
    fn new(name: &'static str, clauses: Vec<ClauseDefinition>, timers: &[TimerEntry]) -> Self {
        let timer = timers.iter().find(|entry| entry.action == name).map(|entry| entry.every);
        Self { name, clauses, timer }
    }

    /// The name, in snake case.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The clauses, in the order in which they were written.
    pub fn clauses(&self) -> &[ClauseDefinition] {
        &self.clauses
    }

    /// The time from one call to the next, if the runtime calls it by the clock: `#[action(timer = ..)]`.
    pub fn timer(&self) -> Option<Duration> {
        self.timer
    }
}

impl ClauseDefinition {
    fn new(payload: Option<TypeName<'static>>, response: ResponseName) -> Self {
        Self { payload, response }
    }

    /// The message that it takes: `None` if it takes every one, `google.protobuf.Empty` if it has no payload.
    pub fn payload(&self) -> Option<TypeName<'static>> {
        self.payload
    }

    /// The message that it responds: `google.protobuf.Empty` if the response says nothing.
    pub fn response(&self) -> TypeName<'static> {
        (self.response.name)()
    }

    /// Whether it may respond nothing instead: it returns an `Option`.
    pub fn is_optional(&self) -> bool {
        self.response.is_optional
    }
}

impl ChannelDefinition {
    /// `routed` are the actions whose events find the one instance that they are for.
    fn all(entries: &[ChannelEntry], routed: &[&str]) -> Vec<Self> {
        let definition = |entry: &ChannelEntry| Self {
            pattern: entry.pattern,
            action: entry.action,
            from_start: entry.from_start,
            wake_eagerly: entry.wake_eagerly,
            routed: routed.contains(&entry.action),
        };
        entries.iter().map(definition).collect()
    }

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
