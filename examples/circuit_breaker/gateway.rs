//! Takes payments by way of the partner, as long as there is a point in asking.

use spawn::prelude::*;

use crate::messages::{Breaker, BreakerChanged, Health, HealthStatusUpdate, Outcome};
use crate::provider::Provider;

// ANCHOR: gateway
#[message(name = "circuit_breaker.PaymentGateway")]
pub(crate) struct PaymentGateway {
    breaker: Breaker,
}

#[actor(name = "payment_gateway", channels = [("health.events", follow_health)])]
impl PaymentGateway {
    #[action]
    fn follow_health(&mut self, update: HealthStatusUpdate) -> Value<()> {
        match (self.breaker, update.status) {
            (Breaker::Closed | Breaker::HalfOpen, Health::Unhealthy) => {
                Value::of().broadcast(self.turn(Breaker::Open, "a check has failed"))
            }
            (Breaker::Open, Health::Healthy) => {
                Value::of().broadcast(self.turn(Breaker::HalfOpen, "a check has succeeded"))
            }
            _ => Value::of(),
        }
    }

    /// A refusal is a response and no `Err`, which would undo what the breaker has learned from it.
    #[action]
    pub(crate) async fn charge(&mut self, provider: &Provider, cents: i64) -> Value<Outcome> {
        if self.breaker == Breaker::Open {
            return Value::from(Outcome::Refused("the breaker is open".to_owned()));
        }
        let charged = provider.charge(cents).await;
        let outcome = match &charged {
            Ok(()) => Outcome::Charged(cents),
            Err(reason) => Outcome::Refused(reason.clone()),
        };
        let broadcast = match (self.breaker, charged.is_ok()) {
            (Breaker::HalfOpen, true) => self.turn(Breaker::Closed, "the trial has succeeded"),
            (Breaker::HalfOpen, false) => self.turn(Breaker::Open, "the trial has failed"),
            _ => Broadcast::new(),
        };
        Value::from(outcome).broadcast(broadcast)
    }
}

impl PaymentGateway {
    fn turn(&mut self, after: Breaker, because: &str) -> Broadcast {
        let before = std::mem::replace(&mut self.breaker, after);
        let changed = BreakerChanged { before, after, because: because.to_owned() };
        Broadcast::to("system.breakers", changed)
    }
}
// ANCHOR_END: gateway
