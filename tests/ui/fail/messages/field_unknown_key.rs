// style: I13
// says: unknown_key

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    #[message(tga = 3)]
    a: i64,
}

fn main() {}
