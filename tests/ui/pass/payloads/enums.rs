//! An enum with data as payload and response.
// style: D4, I7

use spawn::prelude::*;

#[message(name = "pass.enums.Tone")]
enum Tone {
    Quiet,
    Loud(f64),
}

#[message(name = "pass.enums.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[action]
    fn set(&mut self, tone: Tone) -> Tone {
        tone
    }
}

#[test]
fn every_method_is_a_clause() {
    let actions = Shop::definition().actions();
    assert_eq!(actions.iter().map(|action| action.clauses().len()).sum::<usize>(), 1);
}
