// style: A1
// says: actor_on_other_item

use spawn::prelude::*;

#[actor]
enum Basket {
    Open,
}

fn main() {}
