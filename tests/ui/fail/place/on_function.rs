use spawn::prelude::*;

#[actor]
fn shop() {}

fn main() {}
