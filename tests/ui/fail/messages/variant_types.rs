// style: I7
// says: field_is_borrowed, field_type

use spawn::prelude::*;

#[message(name = "ui.Payment")]
pub enum Payment {
    Text(&str),
    Small(u8),
}

fn main() {}
