// style: D9
// says: duplicate_clause

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn tick(&mut self) {}

    #[action(name = "tick")]
    fn again(&mut self) {}
}

fn main() {}
