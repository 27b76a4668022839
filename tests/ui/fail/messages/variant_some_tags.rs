// style: I7
// says: some_tags

use spawn::prelude::*;

#[message(name = "ui.Card")]
pub struct Card {}

#[message(name = "ui.Payment")]
pub enum Payment {
    #[message(tag = 1)]
    A(Card),
    B(Card),
}

fn main() {}
