//! Writes to customers. Holds no state that must last.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use spawn::prelude::*;

use crate::events::{OrderCreated, OrderUpdated};

/// Where e-mails go; this one counts them.
#[derive(Debug, Default)]
pub struct Mailer(AtomicU64);

impl Mailer {
    fn send(&self, to: &str, subject: &str) {
        debug_assert!(to.contains('@') && !subject.is_empty(), "an address and something to say");
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub fn sent(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Default)]
pub struct EmailService;

#[actor(
    name = "email_service",
    stateful = false,
    channels = [("order.events", handle_order_event), ("order.status", handle_order_event)],
)]
impl EmailService {
    #[action]
    async fn handle_order_event(&self, mailer: &Arc<Mailer>, event: OrderCreated) {
        mailer.send(&event.email, &format!("Thank you for your order {}", event.order_id));
    }

    /// A second clause of the same action: the event's type chooses. A cancellation is taken by none, and skipped.
    #[action(name = "handle_order_event")]
    async fn handle_order_updated(&self, mailer: &Arc<Mailer>, event: OrderUpdated) {
        mailer
            .send(&event.email, &format!("Your order {} is {}", event.order_id, event.new_status));
    }
}
