//! There may be none.
// style: D5

use spawn::prelude::*;

#[message(name = "pass.options.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn some(&self) -> Option<i64> {
        Some(self.orders)
    }

    #[action]
    fn tried(&self) -> Result<Option<i64>, ActionError> {
        Ok(None)
    }
}

#[test]
fn every_one_is_a_response() {
    assert_eq!(Shop::definition().actions().len(), 2);
}
