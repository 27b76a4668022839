use spawn::prelude::*;

#[message(name = "shop.Node")]
pub struct Node {
    next: Box<Node>,
    other: Box<Self>,
}

fn main() {}
