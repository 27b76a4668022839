// style: I7
// says: E0277

use spawn::prelude::*;

#[message(name = "ui.Card")]
pub struct Card {}

#[message(name = "ui.Order")]
pub struct Order {
    #[message(oneof)]
    card: Option<Card>,
}

fn main() {}
