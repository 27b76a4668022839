// style: I7
// says: tag_is_reserved, field_name_is_reserved

use spawn::prelude::*;

#[message(name = "ui.Card")]
pub struct Card {}

#[message(name = "ui.Payment", reserved(7, "Old"))]
pub enum Payment {
    #[message(tag = 7)]
    A(Card),
    #[message(tag = 8)]
    Old(Card),
}

fn main() {}
