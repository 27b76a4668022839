//! Documentation, and fields that should no longer be used.
// style: I16

use spawn::prelude::*;

/// An order.
#[message(name = "pass.documented.Order")]
#[non_exhaustive]
struct Order {
    /// Its id.
    #[deprecated = "use `number`"]
    #[message(tag = 2)]
    id: String,
    /// Its number.
    #[message(tag = 1)]
    number: i64,
}

#[test]
fn fields_keep_their_attributes() {
    assert_eq!(Order::default().number, 0);
}
