// style: I14
// says: message_on_other_item

use spawn::prelude::*;

pub struct Order;

#[message(name = "ui.Order")]
impl Order {}

fn main() {}
