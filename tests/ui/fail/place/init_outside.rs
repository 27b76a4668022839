use spawn::prelude::*;

#[init]
fn begin() {}

fn main() {}
