//! How far durable subscriptions are behind.

use crate::error::Result;
use crate::event::Position;
use crate::retention;
use crate::system::Core;

/// How far a subscription is behind.
#[derive(Debug)]
pub(crate) struct Lag {
    pub(crate) subscriber: String,
    pub(crate) pattern: String,
    /// The events that it has not had: exactly, or at most so many if the log holds more than [`ROWS`] that it has not looked at.
    pub(crate) events: u64,
    /// The age of the oldest of them, in milliseconds; 0 if there is none.
    pub(crate) age: u64,
}

/// How many rows of the log are looked at for one subscription.
const ROWS: usize = 8 * PAGE;

/// How many of them are read at once.
const PAGE: usize = 1_024;

/// The lags of all subscriptions whose place is known: not those of instances that read on when they are called.
pub(crate) async fn all(core: &Core) -> Result<Vec<Lag>> {
    // Before the lanes are looked at: what they are done with was given to them by now.
    let head = core.env.channels.head();
    let mut lags = Vec::new();
    for subscriber in retention::subscribers(core, head).await? {
        if subscriber.holds {
            lags.push(of(core, &subscriber, head).await?);
        }
    }
    Ok(lags)
}

async fn of(core: &Core, subscriber: &retention::Subscriber, head: Position) -> Result<Lag> {
    let retention::Subscriber { row, pattern, has_had, .. } = subscriber;
    let (mut events, mut oldest) = (0, None);
    let (mut reached, mut looked_at) = (*has_had, 0);
    while reached < head && looked_at < ROWS {
        let after = reached;
        let rows = core.env.read(move |store| store.read_log(after, PAGE)).await?;
        for row in rows.iter().filter(|row| row.position <= head) {
            if pattern.matches(&row.event.channel) {
                events += 1;
                oldest.get_or_insert(row.event.at);
            }
        }
        looked_at += rows.len();
        reached = rows.last().filter(|_| rows.len() == PAGE).map_or(head, |row| row.position);
    }
    let unseen = head.number().saturating_sub(reached.number());
    let age = oldest.map_or(0, |at| core.env.clock.now().saturating_sub(at));
    Ok(Lag {
        subscriber: row.subscriber.clone(),
        pattern: row.pattern.clone(),
        events: events + unseen,
        age,
    })
}
