// style: I7
// says: E0277

use spawn::prelude::*;

pub struct Plain;
pub type Many = Vec<i64>;

#[message(name = "ui.Payment")]
pub enum Payment {
    Plain(Plain),
    Many(Many),
}

fn main() {}
