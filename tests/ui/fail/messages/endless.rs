// style: I11
// says: field_is_endless

use spawn::prelude::*;

#[message(name = "ui.Node")]
pub struct Node {
    next: Box<Node>,
    other: Box<Self>,
}

fn main() {}
