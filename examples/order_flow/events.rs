//! What the shop tells.

use spawn::prelude::*;

use crate::orders::Item;

#[message(name = "shop.OrderCreated")]
pub struct OrderCreated {
    pub order_id: String,
    pub email: String,
    pub total: f64,
    pub items: Vec<Item>,
}

#[message(name = "shop.OrderUpdated")]
pub struct OrderUpdated {
    pub order_id: String,
    pub email: String,
    pub old_status: String,
    pub new_status: String,
}

#[message(name = "shop.OrderCancelled")]
pub struct OrderCancelled {
    pub order_id: String,
    pub reason: String,
    pub items: Vec<Item>,
}

#[message(name = "shop.StockLow")]
pub struct StockLow {
    pub sku: String,
    pub left: i64,
}
