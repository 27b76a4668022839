//! `#[init]` of every shape.
// style: D13

use spawn::prelude::*;

#[derive(Default)]
struct Plain;

#[actor(stateful = false)]
impl Plain {
    #[init]
    fn begin(&mut self) {}
}

#[derive(Default)]
struct Waiting;

#[actor(stateful = false)]
impl Waiting {
    #[init]
    async fn begin(
        &mut self,
        _context: &Context,
        _numbers: &Vec<u64>,
    ) -> Result<(), std::io::Error> {
        Ok(())
    }
}

#[message(name = "pass.init.Shop")]
struct Shop {
    orders: i64,
}

#[actor]
impl Shop {
    #[init()]
    fn begin(&self) -> Result<Value<()>, ActionError> {
        Ok(Value::of())
    }

    #[action(name = "begin")]
    fn start_again(&self) {}
}

#[test]
fn init_is_no_action() {
    let names: Vec<_> = Shop::definition().actions().iter().map(|action| action.name()).collect();
    assert_eq!(names, ["begin"]);
}
