//! Writes to people.

use spawn::prelude::*;

use crate::events::{NotificationSent, OrderCreated, UserCreated};

/// How many notifications were sent.
#[message(name = "live_dashboard.NotificationService")]
pub struct NotificationService {
    sent: i64,
}

// ANCHOR: notify
#[actor(
    name = "notification_service",
    channels = [("user.events", welcome), ("order.events", confirm)],
)]
impl NotificationService {
    #[action]
    fn welcome(&mut self, user: UserCreated) -> Value<()> {
        self.send(user.email, format!("Welcome, {}", user.name))
    }

    #[action]
    fn confirm(&mut self, order: OrderCreated) -> Value<()> {
        self.send(order.customer, format!("Order {} is confirmed", order.order_id))
    }

    fn send(&mut self, recipient: String, text: String) -> Value<()> {
        self.sent += 1;
        let notification_id = format!("note-{}", self.sent);
        let event = NotificationSent { notification_id, recipient, text };
        Value::of().broadcast(Broadcast::to("notification.events", event))
    }
}
// ANCHOR_END: notify
