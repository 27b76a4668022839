// style: D3
// says: unsized_loan

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn b(&self, _bytes: &[u8]) {}
}

fn main() {}
