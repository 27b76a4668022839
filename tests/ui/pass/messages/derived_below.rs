//! Derives of the user.
// style: I12

use spawn::prelude::*;

#[message(name = "pass.derived_below.Order")]
#[derive(Eq, Hash, PartialOrd, Ord, Default)]
struct Order {
    id: String,
}

#[test]
fn what_is_derived_is_not_derived_twice() {
    assert_eq!(Order::default().clone().max(Order { id: "1".to_owned() }).id, "1");
}
