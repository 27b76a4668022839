//! Names of every form.
// style: B6

use spawn::prelude::*;

#[derive(Default)]
struct HTTPServer2;

#[actor(stateful = false)]
impl HTTPServer2 {}

#[derive(Default)]
struct Dotted;

#[actor(stateful = false, name = "eu-west.Shop_1")]
impl Dotted {}

#[test]
fn names_are_as_given_or_in_snake_case() {
    assert_eq!(HTTPServer2::definition().name(), "http_server2");
    assert_eq!(Dotted::definition().name(), "eu-west.Shop_1");
}
