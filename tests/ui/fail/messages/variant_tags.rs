// style: I7
// says: tag_given_twice, tag_out_of_range

use spawn::prelude::*;

#[message(name = "ui.Card")]
pub struct Card {}

#[message(name = "ui.Payment")]
pub enum Payment {
    #[message(tag = 1)]
    A(Card),
    #[message(tag = 1)]
    B(Card),
    #[message(tag = 0)]
    C(Card),
}

fn main() {}
