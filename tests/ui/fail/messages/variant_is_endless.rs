// style: I7
// says: default_is_endless

use spawn::prelude::*;

#[message(name = "ui.Payment")]
pub enum Payment {
    Node(Box<Payment>),
    Leaf(i64),
}

fn main() {}
