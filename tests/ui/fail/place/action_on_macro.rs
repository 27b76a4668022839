// style: A4
// says: helper_on_other_item

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

macro_rules! helper {
    () => {
        fn helper(&self) {}
    };
}

#[actor]
impl Shop {
    #[action]
    helper!();
}

fn main() {}
