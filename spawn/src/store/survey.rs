//! What a store holds, in numbers.

use crate::event::Position;
use crate::store::{Cursor, SubscriptionId, SubscriptionRow};

/// What a store holds when a system starts on it; from [`Store::survey`](super::Store::survey).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// How many actors are saved.
    pub actors: u64,
    /// How many calls wait: effects, and calls for a later time.
    pub calls: u64,
    /// How many of these are due.
    pub overdue: u64,
    /// How many dead letters there are.
    pub dead_letters: u64,
    /// How many instances are parked.
    pub parked: u64,
    /// How far the subscription is, for each that has a cursor, be it of its own or with the state of its actor.
    pub reached: Vec<(SubscriptionId, Position)>,
    /// Whether the store was closed before it was opened this time, or is new. After a crash it was not.
    pub was_closed: bool,
}

impl Survey {
    /// Notes how far a subscription is whose subscriber has this cursor.
    pub(super) fn reach(&mut self, row: &SubscriptionRow, cursor: Cursor) {
        let Position(position) = cursor.position;
        // The event at the cursor is done with by the subscriptions up to its own.
        let is_done = row.id <= cursor.subscription;
        let reached = if is_done { position } else { position.saturating_sub(1) };
        self.reached.push((row.id, Position(reached)));
    }
}
