//! Subscriptions that last, and what the log holds for them.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Keyed, limit};
use crate::channel::Pattern;
use crate::error::Result;
use crate::event::{Event, Position};
use crate::store::{Cursor, EventRow, SubscriptionId, SubscriptionRow};
use crate::system::Env;

/// How many rows of the log are read at once.
const ROWS_PER_READ: usize = 512;

/// A subscription that is in the store.
#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) id: SubscriptionId,
    /// What it is called in the store.
    pub(crate) key: String,
    pub(crate) pattern: Pattern,
    /// The place of the action in the dispatch table; of no meaning for an external subscriber.
    pub(crate) action: usize,
    /// It gets the events after this position.
    pub(crate) since: Position,
    /// The last of its events that has left the log before every subscriber had it; 0 if none has.
    lapsed: AtomicU64,
    /// Whether passive instances are activated for an event.
    pub(crate) wakes_eagerly: bool,
}

impl Subscription {
    pub(crate) fn new(row: &SubscriptionRow, pattern: Pattern, action: usize) -> Self {
        Self {
            id: row.id,
            key: row.pattern.clone(),
            pattern,
            action,
            since: row.since,
            lapsed: AtomicU64::new(row.lapsed.unwrap_or_default().0),
            wakes_eagerly: false,
        }
    }

    /// Its events up to here leave the log, whoever has not had them.
    pub(crate) fn lapse(&self, up_to: Position) {
        self.lapsed.fetch_max(up_to.0, Ordering::AcqRel);
    }

    /// The last of its events that has left the log before every subscriber had it.
    pub(crate) fn lapsed(&self) -> Position {
        Position(self.lapsed.load(Ordering::Acquire))
    }

    /// Whether the event belongs to it.
    fn wants(&self, row: &EventRow) -> bool {
        row.position > self.since && self.pattern.matches(&row.event.channel)
    }
}

/// An event for one subscription.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) event: Event,
    /// The place of the action in the dispatch table; of no meaning for an external subscriber.
    pub(crate) action: usize,
    /// The subscription; 0 if it is not in the store.
    pub(crate) subscription: SubscriptionId,
}

impl Keyed for Delivery {
    fn key(&self) -> Option<Cursor> {
        key(&self.event, self.subscription)
    }
}

/// The place of an event among those of the subscriber; `None` if it is transient there.
pub(crate) fn key(event: &Event, subscription: SubscriptionId) -> Option<Cursor> {
    let is_durable = event.is_durable() && subscription != SubscriptionId::default();
    is_durable.then(|| Cursor { position: event.position(), subscription })
}

/// What the log holds for the subscriptions (in the order of their ids) after a cursor, and where the reading stopped, if not at the
/// end.
pub(crate) async fn read(
    env: &Env,
    subscriptions: &[Subscription],
    after: Cursor,
) -> Result<(Vec<Delivery>, Option<Cursor>)> {
    // Of the event at the cursor a later subscription may be missing.
    let from = Position(after.position.0.saturating_sub(1));
    let at_once = limit(ROWS_PER_READ);
    let rows = env.read(move |store| store.read_log(from, at_once)).await?;
    let stopped_at = (rows.len() == at_once)
        .then(|| rows.last())
        .flatten()
        .map(|row| Cursor { position: row.position, subscription: SubscriptionId(u64::MAX) });
    let mut found = Vec::new();
    for row in rows {
        let mut event = None;
        for subscription in subscriptions {
            let key = Cursor { position: row.position, subscription: subscription.id };
            if key <= after || !subscription.wants(&row) {
                continue;
            }
            let event =
                event.get_or_insert_with(|| Event::from_row(env.opened.identity, row.clone()));
            found.push(Delivery {
                event: event.clone(),
                action: subscription.action,
                subscription: subscription.id,
            });
        }
    }
    Ok((found, stopped_at))
}
