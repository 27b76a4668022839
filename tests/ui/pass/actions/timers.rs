//! Actions that the runtime calls.
// style: D12

use spawn::prelude::*;

#[message(name = "pass.timers.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action(timer = "30s")]
    fn tick(&mut self) {}

    #[action(timer = 500)]
    async fn beat(&self, _context: &Context) -> i64 {
        self.orders
    }

    #[action(name = "tick")]
    fn by_hand(&mut self, _event: i64) {}
}

#[test]
fn timers_are_told() {
    assert_eq!(Shop::definition().actions()[0].timer(), Some(std::time::Duration::from_secs(30)));
}
