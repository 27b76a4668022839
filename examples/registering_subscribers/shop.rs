//! The actor that has something to tell.

use spawn::prelude::*;

#[message(name = "registering_subscribers.Opening")]
pub(crate) struct Opening {
    pub(crate) clerk: String,
}

#[message(name = "registering_subscribers.OrderCreated")]
pub(crate) struct OrderCreated {
    pub(crate) order_id: String,
    pub(crate) user_id: String,
}

#[message(name = "registering_subscribers.Shop")]
pub(crate) struct Shop {
    orders: i64,
}

#[actor(name = "shop")]
impl Shop {
    /// Publishes before anything else can happen to it.
    #[init]
    fn open(&mut self) -> Value<()> {
        let opening = Opening { clerk: "nobody yet".to_owned() };
        Value::of().broadcast(Broadcast::to("shop.opening", opening))
    }

    #[action]
    pub(crate) fn create_order(&mut self, user_id: String) -> Value<()> {
        self.orders += 1;
        let event = OrderCreated { order_id: format!("ord-{}", self.orders), user_id };
        Value::of().broadcast(Broadcast::to("order.events", event))
    }
}
