//! An enum with data that is the state.
// style: 3.1

use spawn::prelude::*;

#[message(name = "pass.state_of_an_enum.Light")]
enum Light {
    Red(i64),
    Green,
}

#[actor]
impl Light {
    #[action]
    fn switch(&mut self) {
        *self = Self::Green;
    }
}

#[test]
fn it_is_durable() {
    assert!(Light::definition().is_stateful());
}
