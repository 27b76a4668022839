// style: I12
// says: E0119

use spawn::prelude::*;

#[derive(Clone)]
#[message(name = "ui.Order")]
pub struct Order {
    id: String,
}

fn main() {}
