// style: C7
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
        Value::from(1).broadcast(Broadcast::to("order.*", 1_i64))
    }
}

fn main() {}
