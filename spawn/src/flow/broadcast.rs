//! Events on their way to channels.

use std::fmt;

use smallvec::SmallVec;

use crate::channel::{Channel, IntoChannel};
use crate::error::{Error, Result};
use crate::parcel::{IntoParcel, Parcel};

/// Events to publish, each to a channel, in the order in which they were added.
///
/// Made from a list of pairs, by [`Broadcast::to`] with [`and`](Broadcast::and), or by folding events into
/// [`Broadcast::new`]. An empty one publishes nothing.
///
/// # Errors
/// A channel whose name is not well formed is reported where the broadcast is used: an action that returns it fails and changes
/// nothing, [`System::broadcast`](crate::System::broadcast) returns the error; then none of the events is published.
///
/// # Examples
///
/// ```
/// use spawn::Broadcast;
///
/// let one = Broadcast::to("order.events", "created".to_owned()).and("audit.events", 1_i64);
/// assert_eq!(one.len(), 2);
///
/// let folded = ["a", "b"]
///     .into_iter()
///     .fold(Broadcast::new(), |all, name| all.and(format!("user.{name}"), name.to_owned()));
/// let collected: Broadcast =
///     ["a", "b"].into_iter().map(|name| (format!("user.{name}"), name.to_owned())).collect();
/// assert_eq!(folded.len(), collected.len());
/// ```
#[derive(Default)]
#[must_use = "a broadcast is published when it is returned from an action or given to `System::broadcast`"]
pub struct Broadcast {
    events: SmallVec<[(Channel, Parcel); 1]>,
    /// The first channel that was not well formed.
    fault: Option<Error>,
}

impl Broadcast {
    /// No events yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One event to one channel. The event is a message, or a [`Parcel`] with one.
    pub fn to<K>(channel: impl IntoChannel, event: impl IntoParcel<K>) -> Self {
        Self::new().and(channel, event)
    }

    /// And another event, to the same channel or another one.
    pub fn and<K>(mut self, channel: impl IntoChannel, event: impl IntoParcel<K>) -> Self {
        self.push(channel, event.into_parcel());
        self
    }

    fn push(&mut self, channel: impl IntoChannel, event: Parcel) {
        match channel.into_channel() {
            Ok(channel) => self.events.push((channel, event)),
            Err(fault) => {
                self.fault.get_or_insert(fault);
            }
        }
    }

    /// Adds the events of `other` after its own.
    pub(crate) fn append(&mut self, other: Self) {
        self.events.extend(other.events);
        if self.fault.is_none() {
            self.fault = other.fault;
        }
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Where the events go.
    pub(crate) fn channels(&self) -> impl Iterator<Item = &Channel> {
        self.events.iter().map(|(channel, _)| channel)
    }

    /// The events, or what is wrong with a channel.
    pub(crate) fn into_events(self) -> Result<SmallVec<[(Channel, Parcel); 1]>> {
        match self.fault {
            None => Ok(self.events),
            Some(fault) => Err(fault),
        }
    }
}

impl<C: IntoChannel, E: Into<Parcel>> Extend<(C, E)> for Broadcast {
    fn extend<I: IntoIterator<Item = (C, E)>>(&mut self, events: I) {
        for (channel, event) in events {
            self.push(channel, event.into());
        }
    }
}

impl<C: IntoChannel, E: Into<Parcel>> FromIterator<(C, E)> for Broadcast {
    fn from_iter<I: IntoIterator<Item = (C, E)>>(events: I) -> Self {
        let mut broadcast = Self::new();
        broadcast.extend(events);
        broadcast
    }
}

impl fmt::Debug for Broadcast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        list.entries(self.events.iter());
        if let Some(fault) = &self.fault {
            list.entry(fault);
        }
        list.finish()
    }
}
