//! Saving how far a subscriber is that has no state to save it with.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::commit::{self, Release, Waiter};
use crate::store::Commit;
use crate::system::Env;

/// How long to wait before a cursor is saved again.
const PAUSE: Duration = Duration::from_secs(1);

/// A commit that moves a cursor, and nothing else. Nobody waits for it: what comes later goes further, and a crash before that brings a
/// few events again. If it fails, it is asked for again after a pause, since nothing may come later.
pub(crate) struct Place<V, F> {
    pub(crate) env: Arc<Env>,
    pub(crate) commit: Commit,
    /// Whether an event before the cursor comes again.
    pub(crate) is_void: V,
    pub(crate) again: F,
}

impl<V: Fn() -> bool, F> Waiter for Place<V, F> {
    fn is_void(&self) -> bool {
        (self.is_void)()
    }
}

impl<V, F> Release for Place<V, F>
where
    V: Fn() -> bool + Send + 'static,
    F: FnOnce() + Send + 'static,
{
    fn commit(&self) -> Option<&Commit> {
        Some(&self.commit)
    }

    fn release(self: Box<Self>, outcome: commit::Outcome) {
        let Err(failure) = outcome else { return };
        tracing::debug!(?failure, "a cursor was not saved");
        let Self { env, again, .. } = *self;
        if !env.is_closed() {
            env.spawn(async move {
                tokio::time::sleep(PAUSE).await;
                again();
            });
        }
    }
}

impl<V, F> fmt::Debug for Place<V, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Place").field(&self.commit).finish()
    }
}
