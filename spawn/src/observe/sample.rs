//! What nobody tells when it changes, and so is looked at every few seconds. Only while somebody records.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::MissedTickBehavior;

use super::Meters;
use crate::error::Result;
use crate::store::Store;
use crate::system::{Core, System};

/// How often it is looked at.
const INTERVAL: Duration = Duration::from_secs(5);

/// Looks until the system is gone.
pub(crate) async fn run(core: Weak<Core>) {
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        let Some(core) = core.upgrade() else { return };
        let Some(meters) = core.env.meters.as_deref() else { return };
        if core.env.is_closed() {
            return;
        }
        if let Err(error) = sample(&core, meters).await {
            tracing::warn!(?error, "what the store holds could not be measured");
        }
    }
}

async fn sample(core: &Arc<Core>, meters: &Meters) -> Result<()> {
    core.instances().for_each(|instances| instances.measure());
    meters.unmatched.absolute(core.env.channels.unmatched());
    for lag in System::from_core(Some(Arc::clone(core))).lags().await? {
        // Each instance of an unnamed actor has a place of its own.
        let Some(events) = lag.events else { continue };
        let row = &lag.subscription;
        let (lag_events, lag_seconds) = meters.of_subscription(&row.subscriber, &row.pattern);
        #[expect(clippy::cast_precision_loss, reason = "what a person reads")]
        lag_events.set(events as f64);
        lag_seconds.set(lag.age.as_secs_f64());
    }
    if let Some(bytes) = core.env.read(Store::size).await? {
        #[expect(clippy::cast_precision_loss, reason = "what a person reads")]
        meters.store().set(bytes as f64);
    }
    Ok(())
}
