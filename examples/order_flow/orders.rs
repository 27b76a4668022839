//! The lines of the input.

use std::io;
use std::ops::RangeInclusive;

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

/// How many of one SKU can be ordered at once.
const QUANTITIES: RangeInclusive<i64> = 1..=1_000;

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub enum Malformed {
    #[error(transparent)]
    Text(#[from] io::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("the order {0} has no items")]
    Empty(String),
    #[error("the order {0} has no e-mail address: {1}")]
    Email(String, String),
    #[error("the order {id} has {quantity} of {sku}; {} to {} can be ordered", QUANTITIES.start(), QUANTITIES.end())]
    Quantity { id: String, sku: String, quantity: i64 },
    #[error("the order {0} has a price that cannot be: {1}")]
    Price(String, f64),
}

impl Line {
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let line = serde_json::from_str(text)?;
        if let Self::Order(order) = &line {
            order.check()?;
        }
        Ok(line)
    }
}

impl Order {
    fn check(&self) -> Result<(), Malformed> {
        let id = self.id.clone();
        if self.items.is_empty() {
            return Err(Malformed::Empty(id));
        }
        if !self.email.contains('@') {
            return Err(Malformed::Email(id, self.email.clone()));
        }
        for Item { sku, quantity, price } in &self.items {
            if !QUANTITIES.contains(quantity) {
                return Err(Malformed::Quantity { id, sku: sku.clone(), quantity: *quantity });
            }
            if *price < 0.0 {
                return Err(Malformed::Price(id, *price));
            }
        }
        Ok(())
    }

    pub fn total(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "nobody orders so many")]
        self.items.iter().map(|item| item.price * item.quantity as f64).sum()
    }
}
