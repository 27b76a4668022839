//! Arguments of `#[action]`.
// style: D11

use spawn::prelude::*;

#[message(name = "pass.arguments.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action()]
    fn plain(&self) {}

    #[action(name = "CreateOrder")]
    fn create(&self) {}

    #[action(name = "r_und")]
    fn round(&self) {}
}

#[test]
fn names_are_in_snake_case() {
    let names: Vec<_> = Shop::definition().actions().iter().map(|action| action.name()).collect();
    assert_eq!(names, ["plain", "create_order", "r_und"]);
}
