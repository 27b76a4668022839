// style: I6
// says: message_is_a_tuple

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order(String);

fn main() {}
