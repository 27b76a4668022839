//! A comma after the last argument.
// style: B3

use spawn::prelude::*;

#[message(name = "pass.trailing_comma.Shop")]
struct Shop {
    orders: i64,
}

#[actor(name = "till")]
impl Shop {}

#[test]
fn the_name_is_the_one_that_is_given() {
    assert_eq!(Shop::definition().name(), "till");
}
