//! What happens.

use serde::Serialize;
use spawn::prelude::*;

#[message(name = "live_dashboard.UserCreated")]
#[derive(Serialize)]
pub struct UserCreated {
    pub user_id: String,
    pub name: String,
    pub email: String,
}

#[message(name = "live_dashboard.OrderCreated")]
#[derive(Serialize)]
pub struct OrderCreated {
    pub order_id: String,
    pub customer: String,
    pub item: String,
    /// In cents.
    pub amount: i64,
}

#[message(name = "live_dashboard.NotificationSent")]
#[derive(Serialize)]
pub struct NotificationSent {
    pub notification_id: String,
    pub recipient: String,
    pub text: String,
}
