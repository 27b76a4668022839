// style: A1
// says: actor_on_other_item

use spawn::prelude::*;

#[actor]
union Basket {
    a: i64,
    b: f64,
}

fn main() {}
