// style: A3
// says: outside_of_actor

use spawn::prelude::*;

#[action]
fn create() {}

fn main() {}
