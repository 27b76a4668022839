use spawn::prelude::*;

#[actor]
struct Shop;

fn main() {}
