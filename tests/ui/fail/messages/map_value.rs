// style: I15
// says: E0277

use std::collections::HashMap;

use spawn::prelude::*;

pub struct Plain;

#[message(name = "ui.Order")]
pub struct Order {
    d: HashMap<String, Plain>,
}

fn main() {}
