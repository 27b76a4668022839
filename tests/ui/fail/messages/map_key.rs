// style: I4
// says: bad_key, field_type, field_is_borrowed

use std::collections::{BTreeMap, HashMap};

use spawn::prelude::*;

#[message(name = "ui.Order")]
pub struct Order {
    a: HashMap<f64, i64>,
    b: BTreeMap<Vec<u8>, i64>,
    c: HashMap<u8, i64>,
    d: HashMap<&str, i64>,
}

fn main() {}
