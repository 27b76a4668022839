// style: B2
// says: given_twice

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action(name = "a", name = "b")]
    fn c(&self) {}
}

fn main() {}
