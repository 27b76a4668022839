// style: A4
// says: helper_on_other_item

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[init]
    const LIMIT: i64 = 3;
}

fn main() {}
