//! What is tested.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use spawn::prelude::*;

#[message(name = "testing_broadcasts.OrderData")]
pub struct OrderData {
    pub user_id: String,
    pub cents: i64,
}

#[message(name = "testing_broadcasts.OrderCreated")]
pub struct OrderCreated {
    pub order_id: String,
    pub user_id: String,
    pub cents: i64,
}

/// After a day.
#[message(name = "testing_broadcasts.PaymentDue")]
pub struct PaymentDue {
    pub order_id: String,
}

const DAY: Duration = Duration::from_hours(24);

#[message(name = "testing_broadcasts.OrderProcessor")]
pub struct OrderProcessor {
    orders: i64,
}

// ANCHOR: actor
#[actor(name = "order_processor")]
impl OrderProcessor {
    #[action]
    pub fn create_order(
        &mut self,
        ctx: &Context,
        data: OrderData,
    ) -> Result<Value<String>, ActionError> {
        if data.cents <= 0 {
            return Err(ActionError::new("no_amount", "there is nothing to pay").fatal());
        }
        self.orders += 1;
        let order_id = format!("ord-{}", self.orders);
        let OrderData { user_id, cents } = data;
        let event = OrderCreated { order_id: order_id.clone(), user_id, cents };
        let reminder = SideEffect::from(ctx.actor::<Self>().remind(order_id.clone())).delay(DAY);
        Ok(Value::from(order_id).broadcast(Broadcast::to("order.events", event)).effect(reminder))
    }

    #[action]
    fn remind(&self, order_id: String) -> Value<()> {
        Value::of().broadcast(Broadcast::to("order.reminders", PaymentDue { order_id }))
    }
}
// ANCHOR_END: actor

/// Takes letters, unless it is out of order for so many of them.
#[derive(Clone, Debug, Default)]
pub struct Mailer(Arc<Mutex<Post>>);

#[derive(Debug, Default)]
struct Post {
    failures: u32,
    letters: Vec<String>,
}

impl Mailer {
    pub fn failing(failures: u32) -> Self {
        Self(Arc::new(Mutex::new(Post { failures, ..Post::default() })))
    }

    pub fn letters(&self) -> Vec<String> {
        self.0.lock().letters.clone()
    }

    fn send(&self, letter: String) -> Result<(), ActionError> {
        let mut post = self.0.lock();
        if post.failures > 0 {
            post.failures -= 1;
            return Err(ActionError::new("mailer", "the mailer does not answer"));
        }
        post.letters.push(letter);
        Ok(())
    }
}

#[derive(Default)]
pub struct EmailService;

#[actor(
    name = "email_service",
    stateful = false,
    channels = [("order.events", confirm)],
    retry = { attempts = 5, backoff = "1s" },
)]
impl EmailService {
    #[action]
    async fn confirm(&self, mailer: &Mailer, event: OrderCreated) -> Result<(), ActionError> {
        mailer.send(format!("to {}: {}", event.user_id, event.order_id))
    }
}
