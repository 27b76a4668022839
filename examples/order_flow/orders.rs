//! The lines of the input.

use serde::Deserialize;
use spawn::prelude::*;

/// A line of the input.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Line {
    Order(Order),
    Update(Update),
    Cancel(Cancel),
}

#[message(name = "shop.Order")]
#[derive(Deserialize)]
pub struct Order {
    pub id: String,
    pub at: i64,
    pub customer: String,
    pub email: String,
    pub items: Vec<Item>,
}

#[message(name = "shop.Item")]
#[derive(Deserialize)]
pub struct Item {
    pub sku: String,
    pub quantity: i64,
    pub price: f64,
}

#[message(name = "shop.Update")]
#[derive(Deserialize)]
pub struct Update {
    pub id: String,
    pub at: i64,
    pub status: String,
}

#[message(name = "shop.Cancel")]
#[derive(Deserialize)]
pub struct Cancel {
    pub id: String,
    pub at: i64,
    pub reason: String,
}

impl Line {
    /// # Errors
    /// What is wrong with the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let line = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if let Self::Order(order) = &line
            && order.items.is_empty()
        {
            return Err(format!("the order {} has no items", order.id));
        }
        Ok(line)
    }
}

impl Order {
    pub fn total(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "nobody orders so many")]
        self.items.iter().map(|item| item.price * item.quantity as f64).sum()
    }
}
