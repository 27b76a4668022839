//! What the monitor and the gateway tell.

use spawn::prelude::*;

// ANCHOR: messages
#[message(name = "circuit_breaker.Health")]
pub(crate) enum Health {
    /// Not looked at yet.
    Unknown,
    Healthy,
    Unhealthy,
}

/// What a check has found; told after each.
#[message(name = "circuit_breaker.HealthStatusUpdate")]
pub(crate) struct HealthStatusUpdate {
    pub(crate) status: Health,
    pub(crate) previous: Health,
}

#[message(name = "circuit_breaker.Level")]
pub(crate) enum Level {
    Info,
    Critical,
}

/// Told when something has changed, and only then.
#[message(name = "circuit_breaker.SystemAlert")]
pub(crate) struct SystemAlert {
    pub(crate) level: Level,
    pub(crate) message: String,
}

#[message(name = "circuit_breaker.Breaker")]
pub(crate) enum Breaker {
    /// Calls go through.
    Closed,
    /// Calls are refused at once.
    Open,
    /// One call goes through, and decides.
    HalfOpen,
}

#[message(name = "circuit_breaker.BreakerChanged")]
pub(crate) struct BreakerChanged {
    pub(crate) before: Breaker,
    pub(crate) after: Breaker,
    pub(crate) because: String,
}

/// What became of a payment.
#[message(name = "circuit_breaker.Outcome")]
pub(crate) enum Outcome {
    Charged(i64),
    Refused(String),
}
// ANCHOR_END: messages
