//! The saga: one instance for each order.

use spawn::prelude::*;
use spawn_examples::Journal;

use crate::messages::{
    OrderCreated, OrderSagaEnded, Outcome, ProcessPayment, RefundPayment, ReleaseItems,
    ReserveItems, ShipOrder, Status, Step, StepDone, StepFailed, StepUndone,
};

// ANCHOR: state
#[message(name = "order_saga.OrderSaga")]
pub(crate) struct OrderSaga {
    order: OrderCreated,
    status: Status,
    /// The steps that were taken and not undone, in this order.
    completed: Vec<Step>,
}

const STEPS: [Step; 3] = [Step::Payment, Step::Inventory, Step::Shipping];
// ANCHOR_END: state

// ANCHOR: saga
#[actor(
    name = "order_saga",
    kind = unnamed,
    channels = [
        ("order.events", start),
        ("payment.events", follow),
        ("inventory.events", follow),
        ("shipping.events", follow),
    ],
)]
impl OrderSaga {
    #[action(route = order_id)]
    fn start(&mut self, journal: &Journal, order: OrderCreated) -> Value<()> {
        journal.note(&order.order_id, "saga started");
        self.order = order;
        self.status = Status::InProgress;
        Value::of().broadcast(self.go_on())
    }

    #[action(name = "follow", route = order_id)]
    fn step_done(&mut self, journal: &Journal, event: StepDone) -> Value<()> {
        journal.note(event.order_id, format!("{:?} done", event.step));
        self.completed.push(event.step);
        Value::of().broadcast(self.go_on())
    }

    #[action(name = "follow", route = order_id)]
    fn step_failed(&mut self, journal: &Journal, event: StepFailed) -> Value<()> {
        journal.note(event.order_id, format!("{:?} failed: {}", event.step, event.reason));
        self.status = Status::Compensating;
        Value::of().broadcast(self.compensate())
    }

    #[action(name = "follow", route = order_id)]
    fn step_undone(&mut self, journal: &Journal, event: StepUndone) -> Value<()> {
        journal.note(event.order_id, format!("{:?} undone", event.step));
        self.completed.retain(|step| *step != event.step);
        Value::of().broadcast(self.compensate())
    }

    #[action]
    pub(crate) fn outcome(&self) -> Outcome {
        Outcome { status: self.status, completed: self.completed.clone() }
    }
}
// ANCHOR_END: saga

// ANCHOR: decisions
impl OrderSaga {
    /// The command for the first step that was not taken, or the end.
    fn go_on(&mut self) -> Broadcast {
        let next = STEPS.into_iter().find(|step| !self.completed.contains(step));
        let OrderCreated { order_id, cents, items, city } = self.order.clone();
        match next {
            Some(Step::Payment) => {
                Broadcast::to("payment.commands", ProcessPayment { order_id, cents })
            }
            Some(Step::Inventory) => {
                Broadcast::to("inventory.commands", ReserveItems { order_id, items })
            }
            Some(Step::Shipping) => {
                Broadcast::to("shipping.commands", ShipOrder { order_id, city })
            }
            Some(Step::Unspecified) | None => self.end(Status::Completed),
        }
    }

    /// The command that undoes the last step that was taken, or the end.
    fn compensate(&mut self) -> Broadcast {
        let order_id = self.order.order_id.clone();
        match self.completed.last() {
            Some(Step::Payment) => Broadcast::to("payment.commands", RefundPayment { order_id }),
            Some(Step::Inventory) => Broadcast::to("inventory.commands", ReleaseItems { order_id }),
            // What was shipped is the last step, after which nothing fails.
            Some(Step::Shipping | Step::Unspecified) | None => self.end(Status::Compensated),
        }
    }

    fn end(&mut self, status: Status) -> Broadcast {
        self.status = status;
        let order_id = self.order.order_id.clone();
        Broadcast::to("saga.events", OrderSagaEnded { order_id, status })
    }
}
// ANCHOR_END: decisions
