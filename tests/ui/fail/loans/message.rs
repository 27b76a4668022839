// style: D3
// says: E0277

use spawn::prelude::*;

#[message(name = "ui.OrderData")]
pub struct OrderData {
    quantity: i64,
}

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn create(&mut self, _ctx: &Context, _data: &OrderData) {}
}

fn main() {}
