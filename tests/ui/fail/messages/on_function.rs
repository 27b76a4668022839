// style: I14
// says: message_on_other_item

use spawn::prelude::*;

#[message(name = "ui.order")]
fn order() {}

fn main() {}
