//! Takes orders, and has them paid.

use serde::Deserialize;
use spawn::prelude::*;

use crate::events::OrderCreated;

/// What every card is good for, in cents.
const LIMIT: i64 = 100_000;

#[message(name = "live_dashboard.NewOrder")]
#[derive(Deserialize)]
pub struct NewOrder {
    pub customer: String,
    pub item: String,
    /// In cents.
    pub amount: i64,
}

/// How many orders there are, and what they came to, in cents.
#[message(name = "live_dashboard.OrderProcessor")]
pub struct OrderProcessor {
    orders: i64,
    revenue: i64,
}

// ANCHOR: order
#[actor(name = "order_processor")]
impl OrderProcessor {
    #[action]
    pub fn create_order(&mut self, order: NewOrder) -> Result<Value<OrderCreated>, ActionError> {
        // If the payment fails, this did not happen: the next order has the number.
        self.orders += 1;
        self.revenue = self.revenue.saturating_add(order.amount);
        charge(order.amount)?;
        let event = OrderCreated {
            order_id: format!("ord-{}", self.orders),
            customer: order.customer,
            item: order.item,
            amount: order.amount,
        };
        Ok(Value::from(event.clone()).broadcast(Broadcast::to("order.events", event)))
    }
}

fn charge(amount: i64) -> Result<(), ActionError> {
    match amount {
        1..=LIMIT => Ok(()),
        ..=0 => Err(ActionError::new("nothing_to_pay", "an order comes to more than 0").fatal()),
        _ => {
            let message = format!(
                "the card is good for {}, the order comes to {}",
                euros(LIMIT),
                euros(amount)
            );
            Err(ActionError::new("card_declined", message).fatal())
        }
    }
}
// ANCHOR_END: order

fn euros(cents: i64) -> String {
    format!("€{}.{:02}", cents / 100, cents % 100)
}
