// style: I13
// says: E0277

use std::collections::HashMap;

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    #[message(keys = sint)]
    by_name: HashMap<String, i64>,
    #[message(keys = fixed)]
    no_map: i64,
}

fn main() {}
