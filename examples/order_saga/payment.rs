//! Takes money, and gives it back.

use std::collections::BTreeMap;

use spawn::prelude::*;

use crate::messages::{ProcessPayment, RefundPayment, Step, StepDone, StepFailed, StepUndone};

/// More than this is not paid.
const LIMIT: i64 = 500_000;

// ANCHOR: service
/// Knows nothing of sagas: it does what it is told, and tells what it did.
#[message(name = "order_saga.PaymentService")]
pub(crate) struct PaymentService {
    paid: BTreeMap<String, i64>,
}

#[actor(name = "payment_service", channels = [("payment.commands", handle)])]
impl PaymentService {
    #[action(name = "handle")]
    fn process(&mut self, command: ProcessPayment) -> Value<()> {
        let ProcessPayment { order_id, cents } = command;
        let step = Step::Payment;
        if cents > LIMIT {
            // No `Err`: it would be tried again, and in the end nobody would be told. That it was refused is what happened.
            let reason = format!("{cents} cents are more than {LIMIT}");
            let failed = StepFailed { order_id, step, reason };
            return Value::of().broadcast(Broadcast::to("payment.events", failed));
        }
        self.paid.insert(order_id.clone(), cents);
        Value::of().broadcast(Broadcast::to("payment.events", StepDone { order_id, step }))
    }

    #[action(name = "handle")]
    fn refund(&mut self, command: RefundPayment) -> Value<()> {
        let RefundPayment { order_id } = command;
        self.paid.remove(&order_id);
        let undone = StepUndone { order_id, step: Step::Payment };
        Value::of().broadcast(Broadcast::to("payment.events", undone))
    }

    #[action]
    pub(crate) fn earned(&self) -> i64 {
        self.paid.values().sum()
    }
}
// ANCHOR_END: service
