//! Errors of every sort, also behind an alias.
// style: D5

use spawn::prelude::*;

type Answer<T> = Result<T, std::fmt::Error>;

#[message(name = "pass.results.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn io(&self) -> std::io::Result<i64> {
        Ok(self.orders)
    }

    #[action]
    fn ours(&self) -> spawn::Result<i64> {
        Ok(self.orders)
    }

    #[action]
    fn coded(&self) -> Result<(), ActionError> {
        Err(ActionError::new("closed", "the shop is closed"))
    }

    #[action]
    fn alias(&self) -> Answer<i64> {
        Ok(self.orders)
    }

    #[action]
    fn infallible(&self) -> Result<i64, std::convert::Infallible> {
        Ok(self.orders)
    }
}

#[test]
fn every_one_is_a_response() {
    assert_eq!(Shop::definition().actions().len(), 5);
}
