// style: D6
// says: impl_trait_in_action

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn b(&self, _event: impl Into<i64>) {}
}

fn main() {}
