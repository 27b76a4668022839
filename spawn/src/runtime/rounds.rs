//! The rounds of actors that were woken: a few of them handle their events one after the other, in one task.
//!
//! They go round as long as more comes. An actor at rest has to be woken for the next event, and that is at its publisher's cost; and who is woken for
//! each handles few at a time, which costs both of them more than the events do.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::coop;
use tokio::time::Instant;

use super::any_instances::Wake;
use super::cell::AnyCell;
use crate::system::Env;

/// How many actors one task goes round with.
const IN_ONE_TASK: usize = 32;

/// An actor that takes as long as this for a turn keeps the others waiting, and goes on without them.
const LONG: Duration = Duration::from_micros(100);

/// Lets those go on who have something to do: a few in each task, so that there is work for all threads.
pub(crate) fn wake(env: &Env, wake: Wake) {
    let mut wake = wake.into_iter();
    while wake.len() > 0 {
        begin(env, wake.by_ref().take(IN_ONE_TASK).collect());
    }
}

fn begin(env: &Env, cells: VecDeque<Arc<dyn AnyCell>>) {
    env.spawn(go_round(cells));
}

async fn go_round(mut cells: VecDeque<Arc<dyn AnyCell>>) {
    // Only those who stay are timed, so that what the others took since the last one counts as well.
    let mut last = Instant::now();
    while let Some(cell) = cells.pop_front() {
        if let Some(cell) = cell.visit_lane() {
            let now = Instant::now();
            let took = now - std::mem::replace(&mut last, now);
            if took < LONG || cells.is_empty() {
                cells.push_back(cell);
            } else {
                let env = Arc::clone(cell.env());
                begin(&env, VecDeque::from([cell]));
            }
        }
        coop::consume_budget().await;
    }
}
