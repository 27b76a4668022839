//! A shop, as it stands in an editor.

use spawn::prelude::*;

#[message(name = "ed.Created")]
pub struct Created {
    pub order_id: String,
}

#[message(name = "ed.Removed")]
pub struct Removed {
    pub order_id: String,
}

#[message(name = "ed.Paid")]
pub struct Paid {
    pub paid_order: String,
}

#[message(name = "ed.Shop")]
pub struct Shop {
    orders: i64,
    total: i64,
}

impl Shop {
    fn is_new(&self) -> bool {
        self.total == 0
    }
}

#[actor(
    name = "shop",
    kind = named,
    channels = [("order.created", created), ("order.removed", "removed")],
)]
impl Shop {
    /// Accepts an order.
    #[action]
    fn create_order(&mut self, order_id: String) -> i64 {
        self.orders += 1;
        self.total += i64::from(self.is_new()) + order_id.len() as i64;
        self.orders
    }

    #[action]
    fn created(&mut self, event: Created) {
        self.total += event.order_id.len() as i64;
    }

    #[action]
    fn removed(&mut self, event: Removed) {
        self.total -= event.order_id.len() as i64;
    }

    #[action(name = "drop")]
    fn drop_all(&mut self) {
        self.total = 0;
    }
}

#[message(name = "ed.Saga")]
pub struct Saga {
    steps: i64,
}

#[actor(kind = unnamed, channels = [("order.paid", follow)])]
impl Saga {
    #[action(route = paid_order)]
    fn follow(&mut self, event: Paid) {
        self.steps += Self::weight(&event);
    }

    fn weight(event: &Paid) -> i64 {
        event.paid_order.len() as i64
    }
}

pub fn call(system: &System) {
    let _ = system.actor::<Shop>().create_order("o".into());
}
