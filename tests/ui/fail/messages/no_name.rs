// style: I1
// says: message_without_name

use spawn::prelude::*;

#[message]
pub struct Order {}

fn main() {}
