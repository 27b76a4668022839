//! An actor in the body of a function.
// style: A7

use spawn::prelude::*;

#[test]
fn an_actor_can_be_local() {
    #[message(name = "pass.in_a_function.Shop")]
    struct Shop {
        orders: i64,
    }

    #[actor]
    impl Shop {
        #[action]
        fn orders(&self) -> i64 {
            self.orders
        }
    }

    assert_eq!(Shop::definition().name(), "shop");
}
