// style: D11
// says: not_a_string

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action(name = create)]
    fn e(&self) {}
}

fn main() {}
