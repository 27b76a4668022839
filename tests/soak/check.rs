//! What everybody has in the end, compared with what was acknowledged.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use spawn::prelude::*;

use crate::actors::{Errand, Fragile, Heart, Mirror, Publisher, SlowMirror, Stethoscope, Tally};
use crate::load::{Done, visits_of};

/// How long what is on its way may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// Waits until everything has arrived; the first thing that is wrong, or still missing then.
pub(crate) async fn everything(system: &System, done: &Done) -> Result<(), String> {
    let began = Instant::now();
    while let Err(fault) = compare(system, done).await {
        if began.elapsed() > PATIENCE {
            return Err(fault);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for (visitor, expected) in done.visits.iter().enumerate() {
        let expected = expected.load(Ordering::Relaxed);
        // Who never came is not made by asking.
        let found = if expected == 0 { 0 } else { visits_of(system, visitor).await };
        if found != expected {
            return Err(format!("visitor {visitor} had {found} of {expected} visits"));
        }
    }
    let letters = system.dead_letters().list().await.map_err(|error| error.to_string())?;
    match letters.first() {
        Some(letter) => Err(format!("{} dead letters: {}", letters.len(), letter.error())),
        None => Ok(()),
    }
}

/// Whether it is found out if something was acknowledged that nobody has.
pub(crate) async fn finds_what_is_missing(system: &System, done: &mut Done) -> Result<(), String> {
    let Some(mut said) = done.said.first_entry() else { return Err("nothing was said".to_owned()) };
    let true_tally = said.get().clone();
    said.get_mut().add(1);
    let found = compare(system, done).await;
    if let Some(mut said) = done.said.first_entry() {
        said.insert(true_tally);
    }
    match found {
        Err(_) => Ok(()),
        Ok(()) => Err("an event that was never published is not missed".to_owned()),
    }
}

async fn compare(system: &System, done: &Done) -> Result<(), String> {
    let beats = system.actor::<Heart>().beats().await.unwrap();
    let mirror = system.actor::<Mirror>().state().await.unwrap();
    let slow = system.actor::<SlowMirror>().state().await.unwrap();
    let errand = system.actor::<Errand>().state().await.unwrap();
    let mut out_of_order = mirror.out_of_order + slow.out_of_order;
    let of = |tallies: &HashMap<String, Tally>, publisher: &str| {
        tallies.get(publisher).cloned().unwrap_or_default()
    };
    for (publisher, expected) in &done.said {
        let said = system.actor_by_id::<Publisher>(publisher).said().await.unwrap();
        let fragile = system.actor_by_id::<Fragile>(publisher).state().await.unwrap();
        out_of_order += fragile.out_of_order;
        let heard = done.dice.heard.lock().get(publisher).copied().unwrap_or_default();
        for (name, found) in [
            ("it", said),
            ("the mirror", of(&mirror.heard, publisher)),
            ("the slow mirror", of(&slow.heard, publisher)),
            ("the fragile one", of(&fragile.heard, publisher)),
            ("the errand", of(&errand.at_once, publisher)),
            ("the later errand", of(&errand.later, publisher)),
            // It keeps no sum.
            ("the listener", Tally { count: heard, sum: expected.sum }),
        ] {
            if found != *expected {
                return Err(format!(
                    "{publisher}: {name} has {found:?}, acknowledged are {expected:?}"
                ));
            }
        }
    }
    let stethoscope = system.actor::<Stethoscope>().state().await.unwrap();
    out_of_order += stethoscope.out_of_order + done.dice.gaps.load(Ordering::Relaxed);
    if out_of_order > 0 {
        return Err(format!("{out_of_order} events out of order"));
    }
    if stethoscope.last < beats {
        return Err(format!("{} of {beats} beats were heard", stethoscope.last));
    }
    Ok(())
}
