//! The rounds of actors that were woken: a few of them handle their events one after the other, in one task.
//!
//! They go round as long as more comes. An actor at rest has to be woken for the next event, and that is at its publisher's cost; and who is woken for
//! each handles few at a time, which costs both of them more than the events do.

use std::mem;
use std::sync::Arc;
use std::time::Duration;

use smallvec::{SmallVec, smallvec};
use tokio::time::Instant;

use super::any_instances::Wake;
use super::cell::AnyCell;

/// How many actors one task goes round with.
const IN_ONE_TASK: usize = 32;

/// How many visits are made before other tasks have their turn: as many as the runtime has steps for a task.
const VISITS: u32 = 128;

/// Who takes longer than this for a visit goes on alone, and other tasks have their turn after each.
const LONG_VISIT: Duration = Duration::from_micros(100);

/// Nobody waits longer than this for those before it in the round, but for the last of their visits: then those who still wait go on by themselves.
const LONG_ROUND: Duration = Duration::from_micros(500);

/// Those who go round; `None` for who has left.
type Group = SmallVec<[Option<Arc<dyn AnyCell>>; 8]>;

/// Lets those go on who have something to do: a few in each task, so that there is work for all threads.
pub(crate) fn wake(wake: Wake) {
    let mut wake = wake.into_iter();
    while wake.len() > 0 {
        begin(wake.by_ref().take(IN_ONE_TASK).map(Some).collect());
    }
}

fn begin(group: Group) {
    if let Some(Some(first)) = group.first() {
        Arc::clone(first.env()).spawn(go_round(group));
    }
}

async fn go_round(mut group: Group) {
    let mut visits_left = VISITS;
    while !group.is_empty() {
        let mut began = Instant::now();
        // Only the visits of those who stay are timed, so that what the others take since then counts as well.
        let mut last = began;
        let mut place = 0;
        while let Some(visited) = group.get_mut(place) {
            place += 1;
            let mut is_long = false;
            if let Some(cell) = visited.take().and_then(AnyCell::visit_lane) {
                let now = Instant::now();
                let took = now - mem::replace(&mut last, now);
                is_long = took > LONG_VISIT;
                if is_long && group.len() > 1 {
                    begin(smallvec![Some(cell)]);
                } else {
                    group[place - 1] = Some(cell);
                }
                if now - began > LONG_ROUND {
                    // A thread for those who have not had their turn, if one is free.
                    begin(group.drain(place..).collect());
                }
            }
            visits_left -= 1;
            if visits_left == 0 || is_long {
                visits_left = VISITS;
                tokio::task::yield_now().await;
                // What others took of it is not theirs.
                (began, last) = (Instant::now(), Instant::now());
            }
        }
        group.retain(|cell| cell.is_some());
    }
}
