//! An enum that is an actor.
// style: 3.1

use spawn::prelude::*;

#[derive(Default)]
enum Light {
    #[default]
    Red,
    Green,
}

#[actor(stateful = false)]
impl Light {
    #[action]
    fn switch(&mut self) {
        *self = match self {
            Self::Red => Self::Green,
            Self::Green => Self::Red,
        };
    }
}

#[test]
fn it_is_an_actor() {
    assert_eq!(Light::definition().name(), "light");
}
