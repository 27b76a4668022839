// style: A3, 3.2
// says: "`#[action]` has no effect outside of an `#[actor]` impl"

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[cfg_attr(all(), action)]
    fn create(&mut self) {}
}

fn main() {}
