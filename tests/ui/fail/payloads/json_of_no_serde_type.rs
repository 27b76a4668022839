// style: D4
// says: E0277

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[derive(Clone)]
pub struct Plain;

#[actor]
impl Shop {
    #[action]
    fn create(&mut self, _data: Json<Plain>) {}
}

fn main() {}
