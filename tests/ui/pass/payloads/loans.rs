//! Context and resources, anywhere among the parameters.
// style: 3.1, D3

use spawn::Context as Cx;
use spawn::prelude::*;

#[message(name = "pass.loans.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn context(&self, _context: &Context) {}

    #[action]
    fn context_first(&self, _context: &Context, _event: i64) {}

    #[action]
    fn context_last(&self, _event: i64, _context: &Context) {}

    #[action]
    fn resources(
        &self,
        _numbers: &Vec<u64>,
        _event: i64,
        _shared: &std::sync::Arc<dyn std::fmt::Debug + Send + Sync>,
    ) {
    }

    #[action]
    async fn while_it_waits(&mut self, _context: &Context, _numbers: &Vec<u64>) {}

    #[action]
    fn under_another_name(&self, _context: &Cx) {}
}

#[test]
fn every_method_is_a_clause() {
    let actions = Shop::definition().actions();
    assert_eq!(actions.iter().map(|action| action.clauses().len()).sum::<usize>(), 6);
}
