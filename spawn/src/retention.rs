//! Retention: what everybody has had leaves the log, when it is old enough.
//!
//! A durable subscriber that has not had an event holds it for as long as the longest lag. Then its subscription lapses: it is noted
//! what it has missed, in the store and as a dead letter, before that leaves the log. Instances of an unnamed actor that may be passive hold nothing;
//! one that has missed something is told when it reads on.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::actor::ActorId;
use crate::channel::Pattern;
use crate::clock;
use crate::dead_letter;
use crate::error::Result;
use crate::event::Position;
use crate::store::{Cursor, EventRow, Lapse, SubscriptionRow, Trim};
use crate::system::{Core, Env};

/// How long events stay in the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// At least so long, where a channel does not say otherwise.
    pub(crate) retention: Duration,
    /// At most so long for a subscriber that has not had them.
    pub(crate) max_lag: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { retention: Duration::from_hours(24), max_lag: Duration::from_hours(7 * 24) }
    }
}

/// How often the log is looked through.
const INTERVAL: Duration = Duration::from_secs(10);

/// How many rows are deleted at once, so that commits do not wait for long.
const ROWS: usize = 10_000;

/// How many of them are in memory at once where they have to be looked at: each with its payload.
const ROWS_PER_READ: usize = 512;

/// A subscription, and how far it is.
#[derive(Debug)]
struct Subscriber {
    row: SubscriptionRow,
    pattern: Pattern,
    /// It has had its events up to here, or was told that it will not.
    has_had: Position,
    /// Whether what it has not had stays in the log.
    holds: bool,
}

/// The events that stay equally long are looked through together, each once.
#[derive(Debug)]
struct Scan {
    retention: Duration,
    reached: Position,
}

/// Trims the log until the system is gone.
pub(crate) async fn run(core: Weak<Core>, limits: Limits) {
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut scans = Vec::new();
    loop {
        interval.tick().await;
        let Some(core) = core.upgrade() else { return };
        if core.env.is_closed() {
            return;
        }
        if scans.is_empty() {
            scans = all_scans(&core.env, limits.retention);
        }
        if let Err(error) = look_through(&core, limits, &mut scans).await {
            tracing::warn!(?error, "the log could not be trimmed");
        }
    }
}

fn all_scans(env: &Env, retention: Duration) -> Vec<Scan> {
    let mut retentions: Vec<_> = env.rules.retentions().chain([retention]).collect();
    retentions.sort_unstable();
    retentions.dedup();
    let scan = |retention| Scan { retention, reached: Position::default() };
    retentions.into_iter().map(scan).collect()
}

async fn look_through(core: &Core, limits: Limits, scans: &mut [Scan]) -> Result<()> {
    let env = &core.env;
    // Before the lanes are looked at: what they are done with was given to them by now.
    let head = env.channels.head();
    let mut subscribers = subscribers(core, head).await?;
    let now = env.clock.now();
    let mut up_to = head;
    for subscriber in subscribers.iter().filter(|it| it.holds && it.has_had < head) {
        let too_old = now.saturating_sub(clock::millis(limits.max_lag));
        up_to = up_to.min(last_before(env, subscriber.has_had, too_old).await?);
    }
    for scan in scans {
        while trim(core, limits, scan, up_to, &mut subscribers).await? {}
    }
    env.read(move |store| store.forget_answers(now)).await
}

/// Shows the events after `after` until that has seen enough, or so many that they can be deleted at once.
async fn look_at(
    env: &Env,
    mut after: Position,
    mut goes_on: impl FnMut(&EventRow) -> bool,
) -> Result<()> {
    let mut left = ROWS;
    while left > 0 {
        let limit = left.min(ROWS_PER_READ);
        let rows = env.read(move |store| store.read_log(after, limit)).await?;
        let Some(last) = rows.last().filter(|_| rows.iter().all(&mut goes_on)) else { break };
        after = last.position;
        left -= rows.len();
    }
    Ok(())
}

/// The last event after `after` that was published before a time, as far as one look goes; `after` if there is none.
async fn last_before(env: &Env, after: Position, time: u64) -> Result<Position> {
    let first = env.read(move |store| store.read_log(after, 1)).await?;
    if first.first().is_none_or(|row| row.event.at >= time) {
        return Ok(after);
    }
    let mut last = after;
    let is_older = |row: &EventRow| {
        let is_older = row.event.at < time;
        if is_older {
            last = row.position;
        }
        is_older
    };
    look_at(env, after, is_older).await?;
    Ok(last)
}

/// Takes what is old enough out of the log, up to `up_to`; `true` if there may be more of it.
async fn trim(
    core: &Core,
    limits: Limits,
    scan: &mut Scan,
    up_to: Position,
    subscribers: &mut [Subscriber],
) -> Result<bool> {
    let env = &core.env;
    let (after, retention) = (scan.reached, scan.retention);
    if after >= up_to {
        return Ok(false);
    }
    let before = env.clock.now().saturating_sub(clock::millis(retention));
    let mut up_to = up_to;
    if subscribers.iter().any(|it| it.has_had < up_to) {
        let mut last = None;
        let mut missed = vec![None; subscribers.len()];
        let notes = |row: &EventRow| {
            if row.position > up_to || row.event.at >= before {
                return false;
            }
            last = Some(row.position);
            let own = env.rules.retention(&row.event.channel).unwrap_or(limits.retention);
            if own == retention {
                for (subscriber, missed) in subscribers.iter().zip(&mut missed) {
                    if subscriber.misses(row) {
                        *missed = Some(row.position);
                    }
                }
            }
            true
        };
        look_at(env, after, notes).await?;
        let Some(last) = last else { return Ok(false) };
        for (subscriber, missed) in subscribers.iter_mut().zip(missed) {
            if let Some(missed) = missed {
                lapse(core, subscriber, missed).await?;
            }
        }
        // Only what was looked at.
        up_to = last;
    }
    let rules = Arc::clone(env);
    let trimmed = env.read(move |store| {
        let goes =
            |channel: &_| rules.rules.retention(channel).unwrap_or(limits.retention) == retention;
        store.trim(&Trim { after, up_to, before, goes: &goes, limit: ROWS })
    });
    let trimmed = trimmed.await?;
    scan.reached = trimmed.reached;
    Ok(trimmed.looked_at == ROWS)
}

impl Subscriber {
    fn misses(&self, row: &EventRow) -> bool {
        row.position > self.has_had && self.pattern.matches(&row.event.channel)
    }
}

/// Notes that a subscription will not get the events up to `up_to`. Where that is the end of its waiting, it is an alarm.
async fn lapse(core: &Core, subscriber: &mut Subscriber, up_to: Position) -> Result<()> {
    let Subscriber { row: SubscriptionRow { id, subscriber: name, pattern, .. }, .. } = subscriber;
    let mut commit = core.env.new_commit();
    commit.lapse = Some(Lapse { subscription: *id, up_to });
    let mut outbox = None;
    if subscriber.holds {
        tracing::error!(subscriber = name, pattern, %up_to, "a subscription has lapsed");
        let range = (subscriber.has_had, up_to);
        let letter = dead_letter::of_missed(name, pattern, range, commit.at);
        outbox = dead_letter::announcement(&core.env, &letter, None);
        if let Some(outbox) = &mut outbox {
            outbox.write(&mut commit);
        }
        commit.dead_letter = Some(Box::new(letter));
    }
    core.env.save(Some(commit), outbox).await?;
    if let Some(instances) = core.find_instances(name) {
        instances.lapse(*id, up_to);
    }
    subscriber.has_had = up_to;
    Ok(())
}

/// All subscriptions, and how far each is.
async fn subscribers(core: &Core, head: Position) -> Result<Vec<Subscriber>> {
    let env = &core.env;
    let mut subscribers = Vec::new();
    for row in env.read(|store| store.register(&[])).await? {
        let pattern = pattern_of(&row)?;
        let progress = core.find_instances(&row.subscriber).map(|all| all.has_had(head));
        let (has_had, holds) = match progress {
            _ if is_done(env, &row.subscriber) => (head, true),
            Some(Progress::Unknown) => (row.since.max(row.lapsed.unwrap_or_default()), false),
            Some(Progress::Done(position)) => (position, true),
            Some(Progress::Behind) | None => (stored(env, row.clone()).await?, true),
        };
        subscribers.push(Subscriber { row, pattern, has_had, holds });
    }
    Ok(subscribers)
}

/// The pattern of a subscription; that of a second entry has a number behind it.
pub(crate) fn pattern_of(row: &SubscriptionRow) -> Result<Pattern> {
    Pattern::parse(row.pattern.split('#').next().unwrap_or_default().to_owned())
}

/// How far the instances of an actor are with its events.
pub(crate) enum Progress {
    /// They are done with everything up to here.
    Done(Position),
    /// The store knows.
    Behind,
    /// There are many, at different places.
    Unknown,
}

/// Whether an external subscriber has had everything.
pub(crate) fn is_done(env: &Env, subscriber: &str) -> bool {
    let readers = env.readers.lock();
    readers.iter().any(|reader| reader.subscriber == subscriber && reader.is_done())
}

/// How far a subscriber was when it was saved last.
async fn stored(env: &Arc<Env>, row: SubscriptionRow) -> Result<Position> {
    let SubscriptionRow { id, subscriber, since, lapsed, .. } = row;
    let cursor = stored_cursor(env, subscriber).await?;
    let had = cursor.map_or(0, |Cursor { position, subscription }| {
        // The event at the cursor comes to the subscriptions in the order of their ids.
        position.number().saturating_sub(u64::from(subscription < id))
    });
    Ok(Position::from_number(had).max(since).max(lapsed.unwrap_or_default()))
}

/// The cursor of a subscriber as it was saved last: of an actor with routes, that of the instance which is farthest behind.
pub(crate) async fn stored_cursor(env: &Arc<Env>, subscriber: String) -> Result<Option<Cursor>> {
    env.read(move |store| {
        let of_actor = match ActorId::parse(&subscriber) {
            Ok(actor) => store.load(&actor)?.and_then(|stored| stored.cursor),
            Err(_) => None,
        };
        let parked = store.parked(&subscriber)?.into_iter().map(|(_, after)| after);
        let cursor = of_actor.max(store.cursor(&subscriber)?);
        Ok(parked.chain(cursor).min())
    })
    .await
}
