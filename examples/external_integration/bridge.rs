//! From channels of the system to topics of the program.

use serde_json::json;
use spawn::prelude::*;
use spawn::{BoxError, Subscriber};

use crate::messages::{NotificationEvent, OrderCreated, UserCreated};
use crate::pubsub::PubSub;

// ANCHOR: bridge
/// Forwards events to those who look at a page right now. They are of no use to anybody later, so that it has no name and is transient.
pub(crate) struct PubSubBridge {
    pubsub: PubSub,
}

impl PubSubBridge {
    pub(crate) fn new(pubsub: PubSub) -> Self {
        Self { pubsub }
    }
}

impl Subscriber for PubSubBridge {
    fn channels(&self) -> Vec<String> {
        ["user.events", "order.events", "notification.events"].map(str::to_owned).into()
    }

    async fn receive(&mut self, event: Event) -> Result<(), BoxError> {
        // What is needed for a message that a page can tell from another one.
        let id = event.id().to_string();
        if event.is::<UserCreated>() {
            let UserCreated { user_id } = event.decode()?;
            self.pubsub.publish("user_updates", json!({ "id": id, "user_id": user_id }));
        } else if event.is::<OrderCreated>() {
            let OrderCreated { order_id, user_id, cents } = event.decode()?;
            let value = json!({ "order_id": order_id, "cents": cents });
            self.pubsub.publish("order_updates", value.clone());
            self.pubsub.publish(&format!("user:{user_id}"), value);
        } else if event.is::<NotificationEvent>() {
            let NotificationEvent { text } = event.decode()?;
            self.pubsub.publish("notifications", json!({ "text": text }));
        } else {
            // No error: it would come again, and be as unknown as before.
            println!("  the bridge knows no {} (on {})", event.type_name(), event.channel());
        }
        Ok(())
    }
}
// ANCHOR_END: bridge
