//! How far subscriptions are behind.

use std::time::{Duration, SystemTime};

use crate::channel::Pattern;
use crate::clock;
use crate::error::Result;
use crate::event::Position;
use crate::retention::{self, Progress};
use crate::store::{Cursor, EventRow, SubscriptionId, SubscriptionRow};
use crate::system::Core;

/// How many rows of the log are read at once.
const ROWS: usize = 512;

/// How many rows are looked at, at most.
const MOST: usize = 10_000;

/// How far a subscription is behind; from [`System::lags`](crate::System::lags).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Lag {
    /// The subscription.
    pub subscription: SubscriptionRow,
    /// How many events it has not handled; `None` if every instance of an unnamed actor has a place of its own.
    pub events: Option<u64>,
    /// Whether there may be more of them: not more than 10,000 events of the log are looked at.
    pub is_at_least: bool,
    /// When the oldest of them was published.
    pub oldest: Option<SystemTime>,
    /// How long ago that was; zero if there is none.
    pub age: Duration,
}

/// A subscription, and which events it has had.
struct Subscriber {
    pattern: Pattern,
    /// Everything up to here; `None` if nobody knows.
    has_had: Option<Cursor>,
    /// Where those begin in memory that were not taken yet, and whether one before them is being handled.
    front: Option<(Cursor, bool)>,
    /// When the last one was published that was taken since it was saved how far the subscriber is.
    taken: Option<u64>,
    /// In milliseconds since 1970.
    oldest: Option<u64>,
    /// Whether not all of the log was looked at.
    is_cut: bool,
    lag: Lag,
}

pub(super) async fn all(core: &Core) -> Result<Vec<Lag>> {
    let env = &core.env;
    // Before the lanes are looked at: what they are done with was given to them by now.
    let head = env.channels.head();
    let mut subscribers = Vec::new();
    for row in env.read(|store| store.register(&[])).await? {
        subscribers.push(subscriber(core, row, head).await?);
    }
    // Those that are near each other look at the same rows; one that is far behind does not keep the others from theirs.
    let mut order: Vec<_> = subscribers.iter_mut().filter(|it| it.has_had.is_some()).collect();
    order.sort_by_key(|it| it.has_had);
    let mut rest = order.as_mut_slice();
    while let Some(first) = rest.first().and_then(|it| it.has_had) {
        let reached = look(core, first, head, rest).await?;
        let seen = rest.partition_point(|it| it.has_had.is_some_and(|it| it.position <= reached));
        // At least the first one, whose rows were looked at.
        let (done, further) = rest.split_at_mut(seen.max(1));
        for subscriber in done {
            subscriber.is_cut = reached < head;
        }
        rest = further;
    }
    let now = env.clock.now();
    Ok(subscribers.into_iter().map(|it| it.into_lag(now)).collect())
}

/// Lets the subscribers look at the events after `first`, and says how far that went.
async fn look(
    core: &Core,
    first: Cursor,
    head: Position,
    subscribers: &mut [&mut Subscriber],
) -> Result<Position> {
    for subscriber in &mut *subscribers {
        subscriber.begin();
    }
    // Of the event at the cursor another subscription may be missing.
    let mut reached = Position(first.position.0.saturating_sub(1));
    let mut looked_at = 0;
    while reached < head && looked_at < MOST {
        let after = reached;
        let rows = core.env.read(move |store| store.read_log(after, ROWS)).await?;
        for row in rows.iter().filter(|row| row.position <= head) {
            for subscriber in &mut *subscribers {
                subscriber.look_at(row);
            }
        }
        looked_at += rows.len();
        reached = rows.last().filter(|_| rows.len() == ROWS).map_or(head, |row| row.position);
    }
    Ok(reached)
}

async fn subscriber(core: &Core, row: SubscriptionRow, head: Position) -> Result<Subscriber> {
    let env = &core.env;
    let at = |position| Cursor { position, subscription: SubscriptionId(u64::MAX) };
    let progress = core.find_instances(&row.subscriber).map(|all| all.has_had(head));
    let has_had = match progress {
        _ if retention::is_done(env, &row.subscriber) => Some(at(head)),
        Some(Progress::Unknown) => None,
        Some(Progress::Done(position)) => Some(at(position)),
        Some(Progress::Behind) | None => {
            let cursor = retention::stored_cursor(env, row.subscriber.clone()).await?;
            Some(cursor.unwrap_or_default())
        }
    };
    let reader = env.readers.lock().iter().find(|it| it.subscriber == row.subscriber).cloned();
    let front = match core.find_instances(&row.subscriber) {
        Some(instances) => instances.front(),
        None => reader.and_then(|reader| reader.front()),
    };
    let gone = row.since.max(row.lapsed.unwrap_or_default());
    let lag = Lag {
        events: has_had.map(|_| 0),
        is_at_least: false,
        oldest: None,
        age: Duration::ZERO,
        subscription: row,
    };
    let pattern = retention::pattern_of(&lag.subscription)?;
    let has_had = has_had.map(|it| it.max(at(gone)));
    Ok(Subscriber { pattern, has_had, front, taken: None, oldest: None, is_cut: false, lag })
}

impl Subscriber {
    /// Forgets what was seen.
    fn begin(&mut self) {
        (self.taken, self.oldest) = (None, None);
        self.lag.events = self.lag.events.map(|_| 0);
    }

    fn look_at(&mut self, row: &EventRow) {
        let key = Cursor { position: row.position, subscription: self.lag.subscription.id };
        let (Some(has_had), Some(events)) = (self.has_had, &mut self.lag.events) else { return };
        if key <= has_had || !self.pattern.matches(&row.event.channel) {
            return;
        }
        if self.front.is_some_and(|(front, _)| key < front) {
            self.taken = Some(row.event.at);
            return;
        }
        *events += 1;
        self.oldest = Some(self.oldest.map_or(row.event.at, |oldest| oldest.min(row.event.at)));
    }

    fn into_lag(mut self, now: u64) -> Lag {
        if let (Some((_, true)), Some(at), Some(events)) =
            (self.front, self.taken, &mut self.lag.events)
        {
            *events += 1;
            self.oldest = Some(self.oldest.map_or(at, |oldest| oldest.min(at)));
        }
        let age = self.oldest.map_or(0, |oldest| now.saturating_sub(oldest));
        Lag {
            is_at_least: self.is_cut,
            oldest: self.oldest.map(clock::calendar),
            age: Duration::from_millis(age),
            ..self.lag
        }
    }
}
