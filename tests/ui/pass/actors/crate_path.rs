//! The library under another path.
// style: F5

use spawn::prelude::*;

mod reexported {
    pub(super) use ::spawn as actors;
}

#[message(name = "pass.crate_path.Shop", crate = reexported::actors)]
struct Shop {
    orders: i64,
}

#[actor(crate = reexported::actors)]
impl Shop {
    #[action]
    fn orders(&self) -> i64 {
        self.orders
    }
}

#[test]
fn the_library_may_be_reexported() {
    let names: Vec<_> = Shop::definition().actions().iter().map(|action| action.name()).collect();
    assert_eq!(names, ["orders"]);
}
