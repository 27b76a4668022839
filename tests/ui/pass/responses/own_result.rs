//! A message that is called `Result`.
// style: 3.2

use spawn::prelude::*;

mod own {
    #[spawn::message(name = "pass.own_result.Result")]
    pub(super) struct Result {
        pub(super) count: i64,
    }
}

#[message(name = "pass.own_result.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn summary(&self) -> own::Result {
        own::Result::default()
    }
}

#[test]
fn every_one_is_a_response() {
    assert_eq!(Shop::definition().actions().len(), 1);
}
