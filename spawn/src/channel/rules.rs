//! What a channel is: durable or transient.

use std::time::Duration;

use super::{Channel, Pattern};

/// What a channel promises; given to [`SystemBuilder::channel`](crate::SystemBuilder::channel).
///
/// Without one a channel is durable.
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use spawn::{ChannelOptions, System};
///
/// let audit = ChannelOptions::durable().retention(Duration::from_secs(90 * 24 * 3_600));
/// assert!(audit.is_durable());
/// let builder = System::builder("shop")
///     .channel("audit.>", audit)
///     .channel("cursor.moved", ChannelOptions::transient());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelOptions {
    durable: bool,
    retention: Option<Duration>,
}

impl ChannelOptions {
    /// Events are written to the log in the publisher's own commit, and stay there until everyone has had them.
    pub const fn durable() -> Self {
        Self { durable: true, retention: None }
    }

    /// How long an event of the channel stays in the log at least, instead of the system's
    /// [`retention`](crate::SystemBuilder::retention). For a transient channel it means nothing.
    #[must_use]
    pub const fn retention(self, retention: Duration) -> Self {
        Self { retention: Some(retention), ..self }
    }

    /// Events are given to whoever is there, and are gone with a crash; they cost no disk. What a slow subscriber does not take in
    /// time is counted and dropped.
    pub const fn transient() -> Self {
        Self { durable: false, retention: None }
    }

    /// Whether events are written to the log.
    pub const fn is_durable(self) -> bool {
        self.durable
    }
}

/// The options of channels, by pattern.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    by_pattern: Vec<(Pattern, ChannelOptions)>,
}

impl Rules {
    pub(crate) fn add(&mut self, pattern: Pattern, options: ChannelOptions) {
        self.by_pattern.push((pattern, options));
    }

    /// Whether the events of `channel` are written to the log. Of several patterns the last counts.
    pub(crate) fn is_durable(&self, channel: &Channel) -> bool {
        self.find(channel).is_none_or(|options| options.durable)
    }

    /// How long an event of `channel` stays; `None` if that is as for any other.
    pub(crate) fn retention(&self, channel: &Channel) -> Option<Duration> {
        self.find(channel).and_then(|options| options.retention)
    }

    /// The retentions that there are beside the system's own.
    pub(crate) fn retentions(&self) -> impl Iterator<Item = Duration> {
        self.by_pattern.iter().filter_map(|(_, options)| options.retention)
    }

    fn find(&self, channel: &Channel) -> Option<ChannelOptions> {
        let rule = self.by_pattern.iter().rev().find(|(pattern, _)| pattern.matches(channel));
        rule.map(|(_, options)| *options)
    }
}
