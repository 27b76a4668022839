// style: B7
// says: unknown_kind

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor(kind = name, channels = [("order.events", note, from = start)])]
impl Shop {
    #[action]
    fn note(&mut self, _event: &Event) {}

    #[action]
    fn start(&mut self, _ctx: &Context, _prices: &Vec<i64>) {}
}

fn main() {}
