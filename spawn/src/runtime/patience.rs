//! Calls that wait for a response and have no timer yet.
//!
//! Nearly every call is answered long before it would time out, and to set a timer and to take it back costs more than the rest of
//! a call that waits. So a call whose timeout is long is only noted here at first. Whoever waits still when a part of that time is over is
//! woken, and sets a timer of its own.

use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::system::Env;

/// After so long it is looked who waits still: most do not.
const MOMENT: Duration = Duration::from_millis(10);

/// Those who did are looked at again every so many moments.
const MOMENTS_BETWEEN_LOOKS: u32 = 10;

/// A call with a timeout below this has a timer from the start.
pub(crate) const LONG: Duration = Duration::from_millis(250);

/// Someone who waits for a response.
pub(crate) trait Waiting: Send + Sync {
    /// Wakes whoever waits, who then sets a timer.
    fn remind(&self);
}

/// Who is to be reminded.
#[derive(Default)]
pub(crate) struct Patience(Mutex<Noted>);

#[derive(Default)]
struct Noted {
    waiting: Vec<Note>,
    /// Whether a task is about to look at them.
    has_task: bool,
}

struct Note {
    waiting: Weak<dyn Waiting>,
    since: Instant,
    timeout: Duration,
}

impl Note {
    /// Whether it has to be looked at again. It is time to remind who waits when a part of the timeout is over, or a second.
    fn is_open(&self, now: Instant) -> bool {
        if self.waiting.strong_count() == 0 {
            return false;
        }
        let is_open = now - self.since < (self.timeout / 8).min(Duration::from_secs(1));
        if !is_open && let Some(waiting) = self.waiting.upgrade() {
            waiting.remind();
        }
        is_open
    }
}

impl Patience {
    /// Reminds `waiting`, who waits since `since`, before a half of its timeout is over.
    pub(crate) fn note(
        env: &Arc<Env>,
        waiting: Weak<dyn Waiting>,
        since: Instant,
        timeout: Duration,
    ) {
        let mut noted = env.patience.0.lock();
        noted.waiting.push(Note { waiting, since, timeout });
        if !std::mem::replace(&mut noted.has_task, true) {
            drop(noted);
            env.handle.spawn(run(Arc::downgrade(env)));
        }
    }
}

/// Reminds whoever is noted, until nobody is.
async fn run(env: Weak<Env>) {
    let (mut noted, mut patient) = (Vec::<Note>::new(), Vec::<Note>::new());
    for moment in (0..MOMENTS_BETWEEN_LOOKS).cycle() {
        tokio::time::sleep(MOMENT).await;
        let Some(env) = env.upgrade() else { return };
        {
            let mut shared = env.patience.0.lock();
            shared.has_task = !shared.waiting.is_empty() || !patient.is_empty();
            if !shared.has_task {
                return;
            }
            std::mem::swap(&mut shared.waiting, &mut noted);
        }
        let now = Instant::now();
        if moment == 0 {
            patient.retain(|note| note.is_open(now));
        }
        patient.extend(noted.drain(..).filter(|note| note.is_open(now)));
    }
}
