// style: I15
// says: E0277

use spawn::prelude::*;

pub struct Plain;

#[message(name = "ui.Order")]
pub struct Order {
    plain: Plain,
    many: Vec<Plain>,
}

fn main() {}
