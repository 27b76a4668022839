// style: A4
// says: helper_on_other_item

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    const LIMIT: i64 = 3;

    #[action]
    fn limit(&self) -> i64 {
        Self::LIMIT
    }
}

fn main() {}
