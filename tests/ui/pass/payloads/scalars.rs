//! What `prost` has messages for.
// style: D4

use spawn::prelude::*;

#[message(name = "pass.scalars.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn flag(&self, _value: bool) {}

    #[action]
    fn whole(&self, _value: i64) {}

    #[action]
    fn small(&self, _value: i32) {}

    #[action]
    fn real(&self, _value: f64) {}

    #[action]
    fn text(&self, _value: String) {}

    #[action]
    fn bytes(&self, _value: Vec<u8>) {}

    #[action]
    fn nothing(&self, _value: ()) {}
}

#[test]
fn every_method_is_a_clause() {
    let actions = Shop::definition().actions();
    assert_eq!(actions.iter().map(|action| action.clauses().len()).sum::<usize>(), 7);
}
