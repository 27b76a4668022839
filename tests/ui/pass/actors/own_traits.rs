//! A trait of the actor beside its actions.
// style: D10

use spawn::prelude::*;

#[message(name = "pass.own_traits.Shop")]
struct Shop {
    orders: i64,
}

trait Named {
    fn name(&self) -> String;
}

impl Named for Shop {
    fn name(&self) -> String {
        "shop".to_owned()
    }
}

#[actor]
impl Shop {
    #[action(name = "describe")]
    fn description(&self) -> String {
        Named::name(self)
    }
}

#[test]
fn traits_stay_apart() {
    let names: Vec<_> = Shop::definition().actions().iter().map(|action| action.name()).collect();
    assert_eq!(names, ["describe"]);
}
