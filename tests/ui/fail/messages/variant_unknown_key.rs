// style: I7
// says: unknown_key

use spawn::prelude::*;

#[message(name = "ui.Card")]
pub struct Card {}

#[message(name = "ui.Payment")]
pub enum Payment {
    #[message(oneof)]
    A(Card),
}

fn main() {}
