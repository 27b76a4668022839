use spawn::prelude::*;

#[message(name = "shop.Node")]
pub struct Node {
    next: Option<Node>,
}

fn main() {}
