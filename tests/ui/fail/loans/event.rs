// style: D3
// says: E0277

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn note(&mut self, _event: &Event) {}
}

fn main() {}
