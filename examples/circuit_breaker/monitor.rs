//! Looks at the partner by the clock.

use spawn::prelude::*;

use crate::messages::{Health, HealthStatusUpdate, Level, SystemAlert};
use crate::provider::Provider;

// ANCHOR: monitor
#[message(name = "circuit_breaker.HealthMonitor")]
pub(crate) struct HealthMonitor {
    status: Health,
}

#[actor(name = "health_monitor")]
impl HealthMonitor {
    /// Thirty seconds would do; an example is in a hurry.
    #[action(timer = "20ms")]
    async fn check_health(&mut self, provider: &Provider) -> Value<()> {
        let status = if provider.ping().await { Health::Healthy } else { Health::Unhealthy };
        let previous = std::mem::replace(&mut self.status, status);
        let alert = |level, message: &str| SystemAlert { level, message: message.to_owned() };
        let broadcast = match (previous, status) {
            (Health::Healthy, Health::Unhealthy) => {
                Broadcast::to("system.alerts", alert(Level::Critical, "the provider is down"))
            }
            (Health::Unhealthy, Health::Healthy) => {
                Broadcast::to("system.alerts", alert(Level::Info, "the provider is back"))
            }
            _ => Broadcast::new(),
        };
        let update = HealthStatusUpdate { status, previous };
        Value::of().broadcast(broadcast.and("health.events", update))
    }
}
// ANCHOR_END: monitor
