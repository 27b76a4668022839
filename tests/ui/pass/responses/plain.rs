//! Nothing, scalars, messages.
// style: D5

use spawn::prelude::*;

#[message(name = "pass.plain.Created")]
struct Created {
    id: String,
}

#[message(name = "pass.plain.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn nothing(&self) {}

    #[action]
    fn unit(&self) -> () {}

    #[action]
    fn flag(&self) -> bool {
        true
    }

    #[action]
    fn message(&self) -> Created {
        Created::default()
    }

    #[action]
    fn state(&self) -> Self {
        self.clone()
    }
}

#[test]
fn every_one_is_a_response() {
    assert_eq!(Shop::definition().actions().len(), 5);
}
