//! Another `impl` beside the actor.
// style: A5

use spawn::prelude::*;

#[message(name = "pass.two_blocks.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn orders(&self) -> i64 {
        self.doubled()
    }
}

impl Shop {
    fn doubled(&self) -> i64 {
        self.orders * 2
    }
}

#[test]
fn only_one_is_the_actor() {
    let names: Vec<_> = Shop::definition().actions().iter().map(|action| action.name()).collect();
    assert_eq!(names, ["orders"]);
}
