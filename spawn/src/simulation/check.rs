//! What has to be true when everything has come to rest.

use std::collections::BTreeSet;
use std::time::Duration;

use super::history::{PUBLISHERS, World, saved_number};
use super::shop::{
    Deferred, Ear, Echo, Follower, Mirror, POISON, Said, Sink, SlowMirror, Twice, Watcher, is_loud,
};
use crate::actor::ActorId;
use crate::store::{DeadLetterId, DeadLetterSource, Store};
use crate::system::System;

/// How often it is looked whether everything has come to rest, and after how long each time. A look at everything is dear, and simulated time
/// is not.
const LOOKS: u32 = 60;
const BETWEEN_LOOKS: Duration = Duration::from_secs(2);

/// How long it may take until something that should not come has come, and until the log is trimmed of the last event: that is old enough
/// after 5 s, and of the looks for such events, every 10 s, the first may find that an actor has to be asked again how far it is.
const LATE: Duration = Duration::from_secs(26);

pub(super) async fn at_rest(world: &World, system: &System) -> Result<(), String> {
    let mut last = Err("nothing was looked at".to_owned());
    for _ in 0..LOOKS {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        settle(system).await?;
        last = everything(world);
        if last.is_ok() {
            break;
        }
    }
    last?;
    // What comes late comes wrong.
    tokio::time::sleep(LATE).await;
    settle(system).await?;
    everything(world)?;
    nothing_is_left(world)?;
    all_have_said_how_far_they_are(world)
}

async fn settle(system: &System) -> Result<(), String> {
    let settled = tokio::time::timeout(Duration::from_mins(1), system.settled()).await;
    settled.map_err(|_| "it is busy for ever".to_owned())
}

fn everything(world: &World) -> Result<(), String> {
    if let Some(fault) = world.witness.faults.lock().first() {
        return Err(fault.clone());
    }
    let expected = acknowledged(world)?;
    let dead = dead_letters(world)?;
    let all_but_dead = |subscriber: &str| {
        let is_dead = |said: &Said| dead.contains(&(subscriber.to_owned(), said.clone()));
        expected.iter().filter(|said| !is_dead(said)).cloned().collect::<Vec<_>>()
    };
    let cast = world.cast;
    if cast.has::<Mirror>() {
        same("mirror", &Mirror::heard_of(state(world, "mirror")), &all_but_dead("mirror"))?;
    }
    if cast.has::<SlowMirror>() {
        same("slow_mirror", &SlowMirror::heard_of(state(world, "slow_mirror")), &expected)?;
    }
    if cast.has::<Deferred>() {
        same("deferred", &Deferred::heard_of(state(world, "deferred")), &expected)?;
    }
    if cast.has::<Twice>() {
        let heard = Twice::heard_of(state(world, "twice"));
        for pair in heard.chunks(2) {
            let [first, second] = pair else { return Err("twice: half of an event".to_owned()) };
            if first.publisher != second.publisher || first.number + 1_000 != second.number {
                return Err(format!("twice: {first:?} and then {second:?}"));
            }
        }
        let first: Vec<_> = heard.into_iter().step_by(2).collect();
        same("twice", &first, &expected)?;
    }
    for publisher in PUBLISHERS {
        if cast.has::<Follower>() {
            let id = format!("follower/{publisher}");
            let heard = Follower::heard_of(state(world, &id));
            if let Some(strange) = heard.iter().find(|said| said.publisher != publisher) {
                return Err(format!("{id} has heard {strange:?}"));
            }
            let own = all_but_dead(&id).into_iter().filter(|it| it.publisher == publisher);
            same(&id, &heard, &own.collect::<Vec<_>>())?;
        }
        if cast.has::<Watcher>() {
            let id = format!("watcher/{publisher}");
            same(&id, &Watcher::heard_of(state(world, &id)), &expected)?;
        }
    }
    if cast.has::<Sink>() {
        let mut heard = Sink::heard_of(state(world, "sink"));
        heard.sort();
        let later = expected.iter().map(|it| Said { number: it.number + 1_000, ..it.clone() });
        let mut done: Vec<_> = expected.iter().cloned().chain(later).collect();
        done.sort();
        if heard != done {
            return Err(format!("sink: {heard:?}, not {done:?}"));
        }
    }
    if cast.has::<Ear>() {
        heard_at_least_once(world, "ear", &expected)?;
    }
    if cast.has::<Echo>() {
        let (loud, quiet): (Vec<_>, Vec<_>) = all_but_dead("echo").into_iter().partition(is_loud);
        heard_at_least_once(world, "echo", &loud)?;
        heard_at_least_once(world, "quiet echo", &quiet)?;
    }
    if cast.has_outside() {
        heard_at_least_once(world, "outside", &expected)?;
    }
    Ok(())
}

fn state(world: &World, id: &str) -> bytes::Bytes {
    let stored = ActorId::parse(id).ok().and_then(|id| world.witness.data.load(&id).ok().flatten());
    stored.and_then(|stored| stored.state).map(|state| state.bytes).unwrap_or_default()
}

/// Everything that was said, in the order of the log: each token was acknowledged as one thing, and no number is there twice or
/// missing.
fn acknowledged(world: &World) -> Result<Vec<Said>, String> {
    let said = world.witness.said.lock().clone();
    for (publisher, record) in &*world.record.lock() {
        let saved = saved_number(&world.witness.data, publisher);
        let numbers: BTreeSet<_> = record.acknowledged.values().copied().collect();
        let count = record.acknowledged.len() as u64;
        if count != record.given_out || saved != count || !numbers.iter().copied().eq(1..=count) {
            return Err(format!(
                "{publisher}: {count} of {} acknowledged as {numbers:?}, {saved} saved",
                record.given_out
            ));
        }
        let own = said.iter().filter(|it| it.publisher == *publisher).map(|it| it.number);
        if !own.eq(1..=count) {
            return Err(format!("{publisher}: {count} acknowledged, the log has {said:?}"));
        }
    }
    Ok(said)
}

/// Everything, once, in the order of the log.
fn same(who: &str, heard: &[Said], expected: &[Said]) -> Result<(), String> {
    if heard == expected { Ok(()) } else { Err(format!("{who}: {heard:?}, not {expected:?}")) }
}

/// Each publisher's things, for the first time in order.
fn heard_at_least_once(world: &World, who: &str, expected: &[Said]) -> Result<(), String> {
    let notes = world.witness.notes.lock().get(who).cloned().unwrap_or_default();
    for publisher in PUBLISHERS {
        let of_publisher = |all: &[Said]| {
            let mut known = BTreeSet::new();
            let own = all.iter().filter(|said| said.publisher == publisher);
            own.filter(|said| known.insert(said.number)).cloned().collect::<Vec<_>>()
        };
        same(who, &of_publisher(&notes), &of_publisher(expected))?;
    }
    Ok(())
}

/// What was given up: the poisoned things, once for each who cannot hear them.
fn dead_letters(world: &World) -> Result<BTreeSet<(String, Said)>, String> {
    let rows = world.witness.data.dead_letters(DeadLetterId(0), usize::MAX).unwrap_or_default();
    let mut dead = BTreeSet::new();
    for row in rows {
        let DeadLetterSource::Event { event, .. } = &row.letter.source else {
            return Err(format!("{:?} is a dead letter", row.letter));
        };
        let said = <Said as prost::Message>::decode(event.event.payload.bytes.clone());
        let said = said.map_err(|error| error.to_string())?;
        let fears = ["mirror", "echo"].contains(&&*row.letter.subscriber)
            || row.letter.subscriber.starts_with("follower/");
        if !said.number.is_multiple_of(POISON) || !fears {
            return Err(format!("given up: {said:?}, {:?}", row.letter));
        }
        let letter = (row.letter.subscriber, said);
        if !dead.insert(letter.clone()) {
            return Err(format!("{letter:?} was given up twice"));
        }
    }
    Ok(dead)
}

/// No call waits, nobody is parked, and the log is empty.
fn nothing_is_left(world: &World) -> Result<(), String> {
    let data = &world.witness.data;
    let calls = data.calls(crate::store::CallId(0), 10).unwrap_or_default();
    let parked = data.parked("follower").unwrap_or_default();
    let log = data.read_log(crate::event::Position(0), 10).unwrap_or_default();
    if calls.is_empty() && parked.is_empty() && log.is_empty() {
        return Ok(());
    }
    Err(format!("left: {calls:?}, {parked:?}, {log:?}"))
}

/// Those without a state to save it with, too: who does not say so hears what it has heard again after a crash, or is told that it has missed
/// what has left the log.
fn all_have_said_how_far_they_are(world: &World) -> Result<(), String> {
    let cast = world.cast;
    let all = [
        ("ear", cast.has::<Ear>()),
        ("echo", cast.has::<Echo>()),
        ("follower", cast.has::<Follower>()),
        ("external:outside", cast.has_outside()),
    ];
    let end = *world.witness.end.lock();
    for (who, _) in all.into_iter().filter(|(_, is_there)| *is_there) {
        let cursor = world.witness.data.cursor(who).unwrap_or_default();
        if cursor.unwrap_or_default().position < end {
            return Err(format!("{who} has saved {cursor:?}, the last event is {end:?}"));
        }
    }
    Ok(())
}
