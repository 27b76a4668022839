//! Nothing is imported but the trait.
// style: F5

use spawn::Actor as _;

#[spawn::message(name = "pass.paths.Shop")]
struct Shop {
    orders: i64,
}

#[spawn::actor]
impl Shop {
    #[spawn::init]
    fn begin(&mut self) {}

    #[::spawn::action]
    fn orders(&self) -> i64 {
        self.orders
    }
}

#[test]
fn attributes_may_be_paths() {
    let names: Vec<_> = Shop::definition().actions().iter().map(|action| action.name()).collect();
    assert_eq!(names, ["orders"]);
}
