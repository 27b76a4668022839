// style: D5
// says: impl_trait_in_action

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn c(&self) -> impl Into<i64> {
        3
    }
}

fn main() {}
