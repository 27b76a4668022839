// style: C6, C7
// says: bad_channel

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn announce(&mut self) -> Value<i64> {
        let all = Broadcast::to("order.created", 1_i64).and("order..events", 2_i64);
        if self.orders > 1 {
            return Value::from(1).broadcast(Broadcast::new().and("", 1_i64));
        }
        Value::from(2).broadcast(all)
    }
}

fn main() {}
