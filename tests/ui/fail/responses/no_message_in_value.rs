// style: D5
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
    async fn c(&self) -> Value<Plain> {
        Value::from(Plain)
    }
}

fn main() {}
