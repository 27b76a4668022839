//! Knows what is in stock. Each order is subtracted exactly once, whatever crashes when.

use std::collections::BTreeMap;

use spawn::prelude::*;

use crate::events::{OrderCancelled, OrderCreated, StockLow};
use crate::orders::Item;

/// How much of each SKU there is before the first order.
const STOCK: i64 = 250;

/// When there is less than this, it is announced.
const LOW: i64 = 50;

/// What was taken from the stock, by SKU.
#[message(name = "shop.InventoryService")]
pub struct InventoryService {
    taken: BTreeMap<String, i64>,
}

#[message(name = "shop.Stock")]
pub struct Stock {
    pub left: BTreeMap<String, i64>,
}

#[actor(name = "inventory_service", channels = [("order.events", handle_order_event)])]
impl InventoryService {
    #[action]
    fn handle_order_event(&mut self, event: OrderCreated) -> Value<()> {
        let low = event.items.iter().filter_map(|item| self.take(item));
        Value::of().broadcast(low.map(|low| ("inventory.low", low)).collect())
    }

    #[action(name = "handle_order_event")]
    fn handle_order_cancelled(&mut self, event: OrderCancelled) {
        for item in event.items {
            *self.taken.entry(item.sku).or_default() -= item.quantity;
        }
    }

    #[action]
    pub fn stock(&self) -> Stock {
        let left = self.taken.iter().map(|(sku, taken)| (sku.clone(), STOCK - taken));
        Stock { left: left.collect() }
    }

    /// Takes an item; what is to be announced if the stock has become low with it.
    fn take(&mut self, item: &Item) -> Option<StockLow> {
        let taken = self.taken.entry(item.sku.clone()).or_default();
        let before = STOCK - *taken;
        *taken += item.quantity;
        let left = STOCK - *taken;
        (before >= LOW && left < LOW).then(|| StockLow { sku: item.sku.clone(), left })
    }
}
