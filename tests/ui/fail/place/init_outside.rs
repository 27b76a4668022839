// style: A3
// says: outside_of_actor

use spawn::prelude::*;

#[init]
fn begin() {}

fn main() {}
