// style: D10
// says: hides_client_method

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn clone(&self) {}
}

fn main() {}
