// style: D3
// says: E0277

use spawn::prelude::*;

pub struct Journal;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(channels = [("order.events", note)])]
impl Shop {
    #[action]
    fn note(&mut self, _ctx: &Context, _journal: &Journal) {}
}

fn main() {}
