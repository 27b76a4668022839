// style: I13
// says: bad_keys, needs_value

use std::collections::HashMap;

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    #[message(keys = "sint")]
    quoted: HashMap<i32, i64>,
    #[message(keys)]
    missing: HashMap<i32, i64>,
}

fn main() {}
