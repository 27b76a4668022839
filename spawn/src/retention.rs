//! Retention: what everybody has had leaves the log.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::actor::ActorId;
use crate::clock;
use crate::error::Result;
use crate::event::Position;
use crate::store::SubscriptionRow;
use crate::system::{Core, Env};

/// How long an event stays in the log at least, unless the system says otherwise: a day.
pub(crate) const DEFAULT: Duration = Duration::from_hours(24);

/// How often the log is looked through.
const INTERVAL: Duration = Duration::from_secs(10);

/// How many rows go at once, so that commits do not wait for long.
const ROWS: usize = 10_000;

/// Trims the log until the system is gone.
pub(crate) async fn run(core: Weak<Core>, retention: Duration) {
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        let Some(core) = core.upgrade() else { return };
        if core.env.is_closed() {
            return;
        }
        if let Err(error) = trim(&core, retention).await {
            tracing::warn!(?error, "the log could not be trimmed");
        }
    }
}

async fn trim(core: &Core, retention: Duration) -> Result<()> {
    let env = &core.env;
    let Some(up_to) = passed(core).await? else { return Ok(()) };
    let now = env.clock.now();
    let before = now.saturating_sub(clock::millis(retention));
    while env.read(move |store| store.trim(up_to, before, now, ROWS)).await? == ROWS {}
    Ok(())
}

/// The last event that every subscriber has had; `None` if that is not known.
async fn passed(core: &Core) -> Result<Option<Position>> {
    let env = &core.env;
    // Before the lanes are looked at: what they are done with was given to them by now.
    let mut passed = env.channels.head();
    for row in env.read(|store| store.register(&[])).await? {
        if is_done(env, &row.subscriber) {
            continue;
        }
        let instances = core.instances_by_name(&row.subscriber).ok();
        let has_had = match instances.map(|instances| instances.has_had(passed)) {
            // A passive instance reads what it has missed; nobody knows how far the slowest is.
            Some(Progress::Unknown) => return Ok(None),
            Some(Progress::Done(position)) => position,
            Some(Progress::Behind) | None => stored(env, row).await?,
        };
        passed = passed.min(has_had);
    }
    Ok(Some(passed))
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
fn is_done(env: &Env, subscriber: &str) -> bool {
    let readers = env.readers.lock();
    readers.iter().any(|reader| reader.subscriber == subscriber && reader.is_done())
}

/// How far a subscriber was when it was saved last.
async fn stored(env: &Arc<Env>, row: SubscriptionRow) -> Result<Position> {
    env.read(move |store| {
        let SubscriptionRow { subscriber, since, lapsed, .. } = row;
        let of_actor = match ActorId::parse(&subscriber) {
            Ok(actor) => store.load(&actor)?.and_then(|stored| stored.cursor),
            Err(_) => None,
        };
        let parked = store.parked(&subscriber)?.into_iter().map(|(_, after)| after);
        let cursor = of_actor.max(store.cursor(&subscriber)?);
        let cursor = parked.chain(cursor).min();
        // Of the event at the cursor another subscription may be missing.
        let before = cursor.map_or(0, |cursor| cursor.position.number().saturating_sub(1));
        Ok(Position::from_number(before).max(since).max(lapsed.unwrap_or_default()))
    })
    .await
}
