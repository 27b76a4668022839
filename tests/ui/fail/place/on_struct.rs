// style: A1
// says: actor_on_other_item

use spawn::prelude::*;

#[actor]
struct Basket;

fn main() {}
