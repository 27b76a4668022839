// style: I3
// says: field_is_nested

use std::collections::HashMap;

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    a: Option<Option<i64>>,
    b: Vec<Option<i64>>,
    c: HashMap<String, Vec<i64>>,
}

fn main() {}
