// style: D4
// says: E0277

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

pub struct Plain;

#[actor]
impl Shop {
    #[action]
    fn announce(&mut self) -> Value<i64> {
        Value::from(1).broadcast(Broadcast::to("order.events", Plain))
    }
}

fn main() {}
