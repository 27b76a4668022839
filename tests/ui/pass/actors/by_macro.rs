//! Actors that a `macro_rules` makes.
// style: 3.2

use spawn::prelude::*;

macro_rules! counter {
    ($name:ident, $text:literal, $ty:ty, $action:ident, $timeout:expr) => {
        #[message(name = $text)]
        struct $name {
            count: $ty,
        }

        #[actor(name = $text, deactivate_timeout = $timeout, channels = [($text, $action)])]
        impl $name {
            #[action]
            fn $action(&mut self, by: $ty) -> $ty {
                self.count += by;
                self.count
            }
        }
    };
}

counter!(Jars, "pass.by_macro.Jars", i64, add, "5s");
counter!(Weights, "pass.by_macro.Weights", f64, weigh, 300);

#[test]
fn their_fragments_are_looked_through() {
    assert_eq!(Jars::definition().name(), "pass.by_macro.Jars");
    assert_eq!(Weights::definition().deactivate_timeout(), std::time::Duration::from_millis(300));
}
