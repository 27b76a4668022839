use spawn::prelude::*;

#[message]
pub struct Order {}

fn main() {}
