// style: I9
// says: field_name_is_reserved

use spawn::prelude::*;

#[message(name = "ui.Order", reserved("old"))]
pub struct Order {
    old: i64,
}

fn main() {}
