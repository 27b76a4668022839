// style: D1
// says: owned_receiver

use spawn::prelude::*;

#[message(name = "ui.Shop")]
pub struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn a(self: Box<Self>) {}

    #[action]
    fn b(self: std::sync::Arc<Self>) {}

    #[action]
    fn c(self: std::pin::Pin<&mut Self>) {}
}

fn main() {}
