//! The actor, which knows nothing of topics or browsers.

use spawn::prelude::*;

use crate::messages::{OrderCreated, OrderData, UserCreated};

#[message(name = "external_integration.Shop")]
pub(crate) struct Shop {
    orders: i64,
    users: Vec<String>,
}

#[actor(name = "shop")]
impl Shop {
    #[action]
    pub(crate) fn sign_up(&mut self, user_id: String) -> Value<()> {
        self.users.push(user_id.clone());
        Value::of().broadcast(Broadcast::to("user.events", UserCreated { user_id }))
    }

    #[action]
    pub(crate) fn create_order(&mut self, data: OrderData) -> Value<String> {
        self.orders += 1;
        let order_id = format!("ord-{}", self.orders);
        let OrderData { user_id, cents } = data;
        let event = OrderCreated { order_id: order_id.clone(), user_id, cents };
        Value::from(order_id).broadcast(Broadcast::to("order.events", event))
    }
}
