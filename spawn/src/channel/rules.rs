//! What a channel is: durable or transient.

use super::{Channel, Pattern};

/// What a channel promises; given to [`SystemBuilder::channel`](crate::SystemBuilder::channel).
///
/// Without one a channel is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelOptions {
    durable: bool,
}

impl ChannelOptions {
    /// Events are written to the log in the publisher's own commit, and stay there until everyone has had them.
    pub const fn durable() -> Self {
        Self { durable: true }
    }

    /// Events are given to whoever is there, and are gone with a crash; they cost no disk. What a slow subscriber does not take in
    /// time is counted and dropped.
    pub const fn transient() -> Self {
        Self { durable: false }
    }

    /// Whether events are written to the log.
    pub const fn is_durable(self) -> bool {
        self.durable
    }
}

/// The options of channels, by pattern.
#[derive(Debug, Default)]
pub(crate) struct Rules(Vec<(Pattern, ChannelOptions)>);

impl Rules {
    pub(crate) fn add(&mut self, pattern: Pattern, options: ChannelOptions) {
        self.0.push((pattern, options));
    }

    /// Whether the events of `channel` are written to the log. Of several patterns the last counts.
    pub(crate) fn is_durable(&self, channel: &Channel) -> bool {
        let rule = self.0.iter().rev().find(|(pattern, _)| pattern.matches(channel));
        rule.is_none_or(|(_, options)| options.durable)
    }
}
