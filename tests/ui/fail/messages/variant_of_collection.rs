// style: I7
// says: variant_is_collection

use spawn::prelude::*;

#[message(name = "ui.Card")]
pub struct Card {}

#[message(name = "ui.Payment")]
pub enum Payment {
    Coins(Vec<i64>),
    Later(Option<Card>),
}

fn main() {}
