//! What happens in the shop.

use spawn::prelude::*;

#[message(name = "external_integration.UserCreated")]
pub(crate) struct UserCreated {
    pub(crate) user_id: String,
}

#[message(name = "external_integration.OrderCreated")]
pub(crate) struct OrderCreated {
    pub(crate) order_id: String,
    pub(crate) user_id: String,
    pub(crate) cents: i64,
}

#[message(name = "external_integration.NotificationEvent")]
pub(crate) struct NotificationEvent {
    pub(crate) text: String,
}

#[message(name = "external_integration.OrderData")]
pub(crate) struct OrderData {
    pub(crate) user_id: String,
    pub(crate) cents: i64,
}
