//! Calls that wait for a response and have no timer yet.
//!
//! Nearly every call is answered long before it would time out, and to set a timer and to take it back costs more than the rest of
//! a call that waits. So a call whose timeout is long is only noted here at first. After a moment, whoever waits still is woken, and
//! sets a timer of its own.

use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;

use crate::system::Env;

/// How long a call waits at most before it has a timer.
const MOMENT: Duration = Duration::from_millis(10);

/// A call with a timeout below this has a timer from the start.
pub(crate) const LONG: Duration = Duration::from_millis(100);

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
    waiting: Vec<Weak<dyn Waiting>>,
    /// Whether a task is about to remind them.
    has_task: bool,
}

impl Patience {
    /// Reminds `waiting` in a moment.
    pub(crate) fn note(env: &Arc<Env>, waiting: Weak<dyn Waiting>) {
        let mut noted = env.patience.0.lock();
        noted.waiting.push(waiting);
        if !std::mem::replace(&mut noted.has_task, true) {
            drop(noted);
            env.handle.spawn(run(Arc::downgrade(env)));
        }
    }
}

/// Reminds whoever is noted, until nobody is.
async fn run(env: Weak<Env>) {
    loop {
        tokio::time::sleep(MOMENT).await;
        let Some(env) = env.upgrade() else { return };
        let waiting = {
            let mut noted = env.patience.0.lock();
            noted.has_task = !noted.waiting.is_empty();
            std::mem::take(&mut noted.waiting)
        };
        if waiting.is_empty() {
            return;
        }
        waiting.iter().filter_map(Weak::upgrade).for_each(|it| it.remind());
    }
}
