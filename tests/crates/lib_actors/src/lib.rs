//! Actors in a library.

use spawn::prelude::*;

/// Keeps a number.
#[message(name = "lib_actors.Cupboard")]
pub struct Cupboard {
    jars: i64,
}

#[actor]
impl Cupboard {
    /// Adds jars, and says how many there are.
    #[action]
    pub fn add(&mut self, jars: i64) -> i64 {
        self.jars += jars;
        self.jars
    }
}
