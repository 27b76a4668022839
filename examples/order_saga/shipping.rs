//! Sends parcels to some cities.

use spawn::prelude::*;

use crate::messages::{ShipOrder, Step, StepDone, StepFailed};

const CITIES: [&str; 2] = ["Lisbon", "Porto"];

#[message(name = "order_saga.ShippingService")]
pub(crate) struct ShippingService {
    shipped: Vec<String>,
}

#[actor(name = "shipping_service", channels = [("shipping.commands", ship)])]
impl ShippingService {
    #[action]
    fn ship(&mut self, command: ShipOrder) -> Value<()> {
        let ShipOrder { order_id, city } = command;
        let step = Step::Shipping;
        if !CITIES.contains(&city.as_str()) {
            let reason = format!("nobody goes to {city}");
            let failed = StepFailed { order_id, step, reason };
            return Value::of().broadcast(Broadcast::to("shipping.events", failed));
        }
        self.shipped.push(order_id.clone());
        Value::of().broadcast(Broadcast::to("shipping.events", StepDone { order_id, step }))
    }
}
