use spawn::prelude::*;

#[actor]
mod shop {}

fn main() {}
