//! Flows, and a new state.
// style: D5, 3.1

use spawn::prelude::*;

#[message(name = "pass.values.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn of(&self) -> Value<()> {
        Value::of()
    }

    #[action]
    fn from(&self) -> Value<i64> {
        Value::from(self.orders)
    }

    #[action]
    fn functional(&self, orders: i64) -> Value<(), Self> {
        Value::of().state(Self { orders })
    }

    #[action]
    async fn tried(&self) -> Result<Value<i64>, ActionError> {
        Ok(Value::from(self.orders))
    }
}

#[test]
fn every_one_is_a_response() {
    assert_eq!(Shop::definition().actions().len(), 4);
}
