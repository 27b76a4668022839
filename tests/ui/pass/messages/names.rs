//! Names with and without a package.
// style: I1

use spawn::prelude::*;

#[message(name = "Plain_1")]
struct Plain;

#[message(name = "pass.names.a1.B_2")]
struct Deep;

#[test]
fn packages_are_optional() {
    use spawn::prost::Name as _;
    assert_eq!(Plain::PACKAGE, "");
    assert_eq!(Deep::PACKAGE, "pass.names.a1");
}
