//! No arguments, no actions.
// style: B3

use spawn::prelude::*;

#[message(name = "pass.bare_attribute.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {}

#[test]
fn the_name_is_that_of_the_type() {
    assert_eq!(Shop::definition().name(), "shop");
}
