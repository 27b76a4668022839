// style: D3
// says: mutable_loan

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn d(&self, _event: &mut Vec<i64>) {}
}

fn main() {}
