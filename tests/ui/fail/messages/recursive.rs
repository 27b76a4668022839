// style: I11
// says: E0072

use spawn::prelude::*;

#[message(name = "ui.Node")]
pub struct Node {
    next: Option<Node>,
}

fn main() {}
