//! `spawn` from another crate, which calls it by another name.

use renamed::actors::prelude::*;

/// Keeps a number.
#[message(name = "reexported.Counter", crate = renamed::actors)]
pub struct Counter {
    count: i64,
}

#[actor(crate = renamed::actors)]
impl Counter {
    /// Adds to it.
    #[action]
    pub fn add(&mut self, by: i64) -> Value<i64> {
        self.count += by;
        Value::from(self.count)
    }
}
