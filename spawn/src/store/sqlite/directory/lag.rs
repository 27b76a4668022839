//! How far subscriptions are, as it was saved last.

use rusqlite::Connection;

use super::super::codec::{get, signed};
use super::super::{BoxError, read};
use crate::actor::ActorId;
use crate::channel::{Channel, Pattern};
use crate::event::Position;
use crate::retention;
use crate::store::row::{Cursor, SubscriptionId, SubscriptionRow};

/// How far a subscription is behind; from [`DataDirectory::lags`](super::DataDirectory::lags).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StoredLag {
    /// The subscription.
    pub subscription: SubscriptionRow,
    /// How many events it has not handled; `None` if every instance of an unnamed actor has a place of its own.
    pub events: Option<u64>,
    /// When the oldest of them was published, in milliseconds since 1970.
    pub oldest: Option<u64>,
    /// Instances that read the log by themselves.
    pub parked: usize,
}

/// A subscription, and which events it has had.
struct Subscriber {
    pattern: Pattern,
    has_had: Option<Cursor>,
    lag: StoredLag,
}

pub(super) fn all(connection: &Connection) -> Result<Vec<StoredLag>, BoxError> {
    let mut subscribers = Vec::new();
    for row in read::subscriptions(connection)? {
        subscribers.push(subscriber(connection, row)?);
    }
    let behind = subscribers.iter().filter_map(|it| it.has_had).map(|it| it.position).min();
    if let Some(first) = behind {
        let mut log = connection.prepare(
            "SELECT position, at, channel FROM log WHERE position >= ?1 ORDER BY position",
        )?;
        let mut rows = log.query([signed(first.0)])?;
        while let Some(row) = rows.next()? {
            let (position, at) = (Position(get(row, 0)?), get(row, 1)?);
            let channel = get(row, 2)?;
            for subscriber in &mut subscribers {
                subscriber.look_at(position, at, &channel);
            }
        }
    }
    Ok(subscribers.into_iter().map(|subscriber| subscriber.lag).collect())
}

fn subscriber(connection: &Connection, row: SubscriptionRow) -> Result<Subscriber, BoxError> {
    let name = &row.subscriber;
    let of_actor = match ActorId::parse(name) {
        Ok(actor) => read::load(connection, &actor)?.and_then(|stored| stored.cursor),
        Err(_) => None,
    };
    let cursor = of_actor.max(read::cursor(connection, name)?);
    let parked = read::parked(connection, name)?;
    let is_by_instance = cursor.is_none()
        && parked.is_empty()
        && !read::instances(connection, name, None, 1)?.is_empty();
    let begin = row.since.max(row.lapsed.unwrap_or_default());
    let begin = Cursor { position: begin, subscription: SubscriptionId(u64::MAX) };
    let reached = parked.iter().map(|(_, after)| *after).chain(cursor).min();
    let has_had = (!is_by_instance).then(|| reached.unwrap_or_default().max(begin));
    let pattern = retention::pattern_of(&row)?;
    let events = has_had.map(|_| 0);
    let lag = StoredLag { subscription: row, events, oldest: None, parked: parked.len() };
    Ok(Subscriber { pattern, has_had, lag })
}

impl Subscriber {
    fn look_at(&mut self, position: Position, at: u64, channel: &Channel) {
        let key = Cursor { position, subscription: self.lag.subscription.id };
        let (Some(has_had), Some(events)) = (self.has_had, &mut self.lag.events) else { return };
        if key > has_had && self.pattern.matches(channel) {
            *events += 1;
            self.lag.oldest = Some(self.lag.oldest.map_or(at, |oldest| oldest.min(at)));
        }
    }
}
