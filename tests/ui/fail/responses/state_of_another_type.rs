// style: D5
// says: E0277

use spawn::prelude::*;

#[message(name = "ui.Created")]
pub struct Created {
    pub id: String,
}

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn replace(&self) -> Value<(), Created> {
        Value::of().state(Created::default())
    }
}

fn main() {}
