//! Constants, constructors and helpers between the actions.
// style: A4

use spawn::prelude::*;

#[message(name = "pass.other_items.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    const LIMIT: i64 = 3;

    fn new() -> Self {
        Self { orders: Self::LIMIT }
    }

    fn into_orders<T: From<i64>>(self) -> T {
        T::from(self.orders)
    }

    #[action]
    fn orders(&self) -> i64 {
        Self::LIMIT + self.orders
    }
}

#[test]
fn they_are_left_alone() {
    assert_eq!(Shop::new().into_orders::<i64>(), Shop::LIMIT);
    assert_eq!(Shop::definition().actions().len(), 1);
}
