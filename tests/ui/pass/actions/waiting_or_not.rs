//! `async` or not.
// style: 3.1

use spawn::prelude::*;

#[message(name = "pass.waiting_or_not.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn at_once(&mut self) {}

    #[action]
    async fn waiting(&mut self) {
        std::future::ready(()).await;
    }

    #[action]
    async fn reading(&self, text: String) -> String {
        std::future::ready(text).await
    }
}

#[test]
fn both_are_actions() {
    let names: Vec<_> = Shop::definition().actions().iter().map(|action| action.name()).collect();
    assert_eq!(names, ["at_once", "waiting", "reading"]);
}
