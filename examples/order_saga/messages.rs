//! What the saga and the services say to each other. Each has the id of the order, by which it finds its saga.

use std::collections::BTreeMap;

use spawn::prelude::*;

#[message(name = "order_saga.Item")]
pub(crate) struct Item {
    pub(crate) sku: String,
    pub(crate) quantity: i64,
}

#[message(name = "order_saga.OrderCreated")]
pub(crate) struct OrderCreated {
    pub(crate) order_id: String,
    pub(crate) cents: i64,
    pub(crate) items: Vec<Item>,
    pub(crate) city: String,
}

#[message(name = "order_saga.Stock")]
pub(crate) struct Stock {
    pub(crate) left: BTreeMap<String, i64>,
}

// ANCHOR: commands
#[message(name = "order_saga.ProcessPayment")]
pub(crate) struct ProcessPayment {
    pub(crate) order_id: String,
    pub(crate) cents: i64,
}

#[message(name = "order_saga.RefundPayment")]
pub(crate) struct RefundPayment {
    pub(crate) order_id: String,
}

#[message(name = "order_saga.ReserveItems")]
pub(crate) struct ReserveItems {
    pub(crate) order_id: String,
    pub(crate) items: Vec<Item>,
}

#[message(name = "order_saga.ReleaseItems")]
pub(crate) struct ReleaseItems {
    pub(crate) order_id: String,
}

#[message(name = "order_saga.ShipOrder")]
pub(crate) struct ShipOrder {
    pub(crate) order_id: String,
    pub(crate) city: String,
}
// ANCHOR_END: commands

// ANCHOR: events
/// A step was taken.
#[message(name = "order_saga.StepDone")]
pub(crate) struct StepDone {
    pub(crate) order_id: String,
    pub(crate) step: Step,
}

/// A step could not be taken. The service has changed nothing.
#[message(name = "order_saga.StepFailed")]
pub(crate) struct StepFailed {
    pub(crate) order_id: String,
    pub(crate) step: Step,
    pub(crate) reason: String,
}

/// A step that had been taken was undone.
#[message(name = "order_saga.StepUndone")]
pub(crate) struct StepUndone {
    pub(crate) order_id: String,
    pub(crate) step: Step,
}

#[message(name = "order_saga.Step")]
pub(crate) enum Step {
    Unspecified,
    Payment,
    Inventory,
    Shipping,
}
// ANCHOR_END: events

/// How a saga has ended; published on `saga.events`.
#[message(name = "order_saga.OrderSagaEnded")]
pub(crate) struct OrderSagaEnded {
    pub(crate) order_id: String,
    pub(crate) status: Status,
}

#[message(name = "order_saga.Status")]
pub(crate) enum Status {
    Unspecified,
    InProgress,
    /// A step has failed; those before it are being undone.
    Compensating,
    Completed,
    /// A step has failed, and nothing is left of those before it.
    Compensated,
}

/// Where a saga is.
#[message(name = "order_saga.Outcome")]
pub(crate) struct Outcome {
    pub(crate) status: Status,
    pub(crate) completed: Vec<Step>,
}
