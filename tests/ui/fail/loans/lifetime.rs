// style: D3, D6
// says: loan_with_lifetime

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn f(&self, _number: &'static i64) {}
}

fn main() {}
