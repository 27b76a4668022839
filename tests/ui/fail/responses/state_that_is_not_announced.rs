// style: D5
// says: E0308

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn replace(&self) -> Value<()> {
        Value::of().state(Self { orders: 1 })
    }
}

fn main() {}
