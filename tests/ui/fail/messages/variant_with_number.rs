// style: I7
// says: number_of_variant_with_data

use spawn::prelude::*;

#[message(name = "ui.Card")]
pub struct Card {}

#[message(name = "ui.Payment")]
pub enum Payment {
    Card(Card),
    Nothing = 4,
}

fn main() {}
