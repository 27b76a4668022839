//! Puts items aside for an order, and back.

use std::collections::BTreeMap;

use spawn::prelude::*;

use crate::messages::{
    Item, ReleaseItems, ReserveItems, Step, StepDone, StepFailed, StepUndone, Stock,
};

/// How much there is of each SKU before the first order.
const STOCK: [(&str, i64); 2] = [("lamp", 10), ("mug", 10)];

/// What was put aside, by order.
#[message(name = "order_saga.InventoryService")]
pub(crate) struct InventoryService {
    reserved: BTreeMap<String, Reserved>,
}

#[message(name = "order_saga.Reserved")]
pub(crate) struct Reserved {
    items: Vec<Item>,
}

#[actor(name = "inventory_service", channels = [("inventory.commands", handle)])]
impl InventoryService {
    #[action(name = "handle")]
    fn reserve(&mut self, command: ReserveItems) -> Value<()> {
        let ReserveItems { order_id, items } = command;
        let step = Step::Inventory;
        let left = self.left();
        let has = |item: &Item| left.get(&item.sku).is_some_and(|left| *left >= item.quantity);
        if let Some(item) = items.iter().find(|item| !has(item)) {
            let reason = format!("there are no {} of {}", item.quantity, item.sku);
            let failed = StepFailed { order_id, step, reason };
            return Value::of().broadcast(Broadcast::to("inventory.events", failed));
        }
        self.reserved.insert(order_id.clone(), Reserved { items });
        Value::of().broadcast(Broadcast::to("inventory.events", StepDone { order_id, step }))
    }

    #[action(name = "handle")]
    fn release(&mut self, command: ReleaseItems) -> Value<()> {
        let ReleaseItems { order_id } = command;
        self.reserved.remove(&order_id);
        let undone = StepUndone { order_id, step: Step::Inventory };
        Value::of().broadcast(Broadcast::to("inventory.events", undone))
    }

    #[action]
    pub(crate) fn stock(&self) -> Stock {
        Stock { left: self.left() }
    }

    fn left(&self) -> BTreeMap<String, i64> {
        let mut left: BTreeMap<_, _> = STOCK.map(|(sku, left)| (sku.to_owned(), left)).into();
        for item in self.reserved.values().flat_map(|reserved| &reserved.items) {
            *left.entry(item.sku.clone()).or_default() -= item.quantity;
        }
        left
    }
}
