//! A shop with something to look into: orders, a stock, a carrier that is closed at first, and reports that take their time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use spawn::prelude::*;
use spawn::{BoxError, Subscriber};

#[message(name = "shop.NewOrder")]
#[derive(serde::Deserialize)]
pub struct NewOrder {
    pub sku: String,
    pub quantity: i32,
    pub city: String,
}

#[message(name = "shop.OrderPlaced")]
pub struct OrderPlaced {
    pub order_id: String,
    pub sku: String,
    pub quantity: i32,
    pub city: String,
}

#[message(name = "shop.Shipped")]
pub struct Shipped {
    pub order_id: String,
    pub parcel: i64,
}

#[message(name = "shop.Status")]
pub enum Status {
    New,
    Placed,
    Shipped,
}

/// An order, one for each id.
#[message(name = "shop.Order")]
pub struct Order {
    sku: String,
    quantity: i32,
    city: String,
    status: Status,
    placed_at: Option<SystemTime>,
    parcel: Option<i64>,
    reminders: i32,
}

#[actor(
    kind = unnamed,
    tags = { region = "eu" },
    deactivate_timeout = "10m",
    channels = [("order.shipped", ship)],
)]
impl Order {
    /// Takes the order, and has the customer reminded in an hour.
    #[action]
    pub fn place(&mut self, ctx: &Context, order: NewOrder) -> Value<()> {
        let order_id = ctx.id().instance().unwrap_or_default().to_owned();
        self.sku.clone_from(&order.sku);
        self.quantity = order.quantity;
        self.city.clone_from(&order.city);
        self.status = Status::Placed;
        self.placed_at = Some(SystemTime::now());
        let remind = ctx.actor_by_id::<Self>(&order_id).remind();
        let NewOrder { sku, quantity, city } = order;
        let placed = OrderPlaced { order_id, sku, quantity, city };
        Value::of()
            .broadcast(Broadcast::to("order.placed", placed))
            .effect(SideEffect::from(remind).delay(Duration::from_hours(1)))
    }

    #[action]
    pub fn remind(&mut self) {
        self.reminders += 1;
    }

    #[action(route = order_id)]
    pub fn ship(&mut self, event: Shipped) {
        self.status = Status::Shipped;
        self.parcel = Some(event.parcel);
    }
}

/// What has left the shelves.
#[message(name = "shop.Stock")]
pub struct Stock {
    sold: BTreeMap<String, i64>,
}

#[actor(channels = [("order.placed", reserve)], deactivate_timeout = "10m")]
impl Stock {
    #[action]
    pub fn reserve(&mut self, event: OrderPlaced) {
        *self.sold.entry(event.sku).or_default() += i64::from(event.quantity);
    }
}

/// Whether the carrier takes parcels.
#[derive(Default)]
pub struct Carrier(pub AtomicBool);

/// Hands parcels to the carrier.
#[message(name = "shop.Shipping")]
pub struct Shipping {
    parcels: i64,
    cities: BTreeMap<String, i64>,
}

#[actor(channels = [("order.placed", ship)], deactivate_timeout = "10m")]
impl Shipping {
    /// Gives up at once while the carrier is closed.
    #[action]
    pub fn ship(
        &mut self,
        event: OrderPlaced,
        carrier: &Arc<Carrier>,
    ) -> Result<Value<()>, ActionError> {
        if !carrier.0.load(Ordering::Relaxed) {
            let told = format!("the carrier does not go to {} today", event.city);
            return Err(ActionError::new("carrier_closed", told).fatal());
        }
        self.parcels += 1;
        *self.cities.entry(event.city).or_default() += 1;
        let shipped = Shipped { order_id: event.order_id, parcel: self.parcels };
        Ok(Value::of().broadcast(Broadcast::to("order.shipped", shipped)))
    }

    #[action]
    pub fn parcels(&self) -> i64 {
        self.parcels
    }
}

/// Writes reports, slowly.
#[derive(Default)]
pub struct Reports;

#[actor(stateful = false, channels = ["order.*"], deactivate_timeout = "10m")]
impl Reports {
    #[action]
    pub async fn receive(&self, _event: Event) {
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

/// The warehouse has a system of its own.
pub struct Warehouse;

impl Subscriber for Warehouse {
    fn channels(&self) -> Vec<String> {
        vec!["order.placed".to_owned()]
    }

    fn name(&self) -> Option<String> {
        Some("warehouse".to_owned())
    }

    async fn receive(&mut self, _event: Event) -> Result<(), BoxError> {
        Ok(())
    }
}
