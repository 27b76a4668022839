//! Messages that say nothing but their name.
// style: I1

use spawn::prelude::*;

#[message(name = "pass.without_fields.Empty")]
struct Empty {}

#[message(name = "pass.without_fields.Unit")]
struct Unit;

#[test]
fn they_have_names() {
    use spawn::prost::Name as _;
    assert_eq!(Empty::full_name(), "pass.without_fields.Empty");
    assert_eq!(Unit::NAME, "Unit");
}
