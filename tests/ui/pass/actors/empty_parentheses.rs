//! Parentheses with nothing in them.
// style: B3

use spawn::prelude::*;

#[message(name = "pass.empty_parentheses.Shop")]
struct Shop {
    orders: i64,
}

#[actor()]
impl Shop {}

#[test]
fn there_are_no_actions() {
    assert!(Shop::definition().actions().is_empty());
}
