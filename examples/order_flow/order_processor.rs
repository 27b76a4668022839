//! Takes orders, and tells the rest of the shop about them.

use std::collections::HashMap;

use spawn::prelude::*;

use crate::events::{OrderCancelled, OrderCreated, OrderUpdated};
use crate::orders::{Cancel, Item, Order, Update};

/// The last status of an order.
const CANCELLED: &str = "cancelled";

/// The orders that were taken, by id. A line that comes again, after an interruption for instance, changes nothing.
#[message(name = "shop.OrderProcessor")]
pub struct OrderProcessor {
    orders: HashMap<String, Taken>,
    updates: i64,
    cancellations: i64,
}

/// An order that was taken.
#[message(name = "shop.Taken")]
pub struct Taken {
    email: String,
    status: String,
    /// When the last thing happened to it, in seconds since 1970.
    at: i64,
    items: Vec<Item>,
}

#[message(name = "shop.Figures")]
pub struct Figures {
    pub orders: i64,
    pub updates: i64,
    pub cancellations: i64,
}

#[actor(name = "order_processor")]
impl OrderProcessor {
    /// Accepts an order and announces it; `false` if it was accepted before.
    #[action]
    pub fn take_order(&mut self, order: Order) -> Value<bool> {
        if self.orders.contains_key(&order.id) {
            return Value::from(false);
        }
        let event = OrderCreated {
            order_id: order.id.clone(),
            email: order.email.clone(),
            total: order.total(),
            items: order.items.clone(),
        };
        let taken = Taken {
            email: order.email,
            status: "new".to_owned(),
            at: order.at,
            items: order.items,
        };
        self.orders.insert(order.id, taken);
        Value::from(true).broadcast(Broadcast::to("order.events", event))
    }

    #[action]
    pub fn update_order(&mut self, update: Update) -> Value<()> {
        let Some(order) = self.open(&update.id, update.at) else { return Value::of() };
        order.at = update.at;
        let event = OrderUpdated {
            order_id: update.id,
            email: order.email.clone(),
            old_status: std::mem::replace(&mut order.status, update.status.clone()),
            new_status: update.status,
        };
        self.updates += 1;
        Value::of().broadcast(Broadcast::to("order.status", event))
    }

    #[action]
    pub fn cancel_order(&mut self, cancel: Cancel) -> Value<()> {
        let Some(order) = self.open(&cancel.id, cancel.at) else { return Value::of() };
        order.at = cancel.at;
        CANCELLED.clone_into(&mut order.status);
        let items = order.items.clone();
        let event = OrderCancelled { order_id: cancel.id, reason: cancel.reason, items };
        self.cancellations += 1;
        Value::of().broadcast(Broadcast::to("order.events", event))
    }

    #[action]
    pub fn figures(&self) -> Figures {
        Figures {
            orders: i64::try_from(self.orders.len()).unwrap_or(i64::MAX),
            updates: self.updates,
            cancellations: self.cancellations,
        }
    }

    /// The order, if something can still happen to it, and what happened to it last was before `at`.
    fn open(&mut self, id: &str, at: i64) -> Option<&mut Taken> {
        self.orders.get_mut(id).filter(|order| order.at < at && order.status != CANCELLED)
    }
}
