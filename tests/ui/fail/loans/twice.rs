// style: D3
// says: second_loan

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn f(&self, _first: &Context, _second: &Context) {}
}

fn main() {}
