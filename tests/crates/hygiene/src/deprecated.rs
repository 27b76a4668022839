//! An action that should no longer be called warns its callers, and nobody else.

use spawn::prelude::*;

/// An actor.
#[message(name = "hygiene.Aging")]
pub struct Aging {
    count: i64,
}

#[actor(channels = [("aging", old)])]
impl Aging {
    /// The old way.
    #[deprecated(note = "use `new_way`")]
    #[action]
    pub fn old(&mut self, amount: i64) -> i64 {
        self.count += amount;
        self.count
    }

    /// The new way.
    #[must_use]
    #[inline]
    #[action]
    pub fn new_way(&self) -> i64 {
        self.count
    }
}

/// A variant without data that should no longer be used.
#[message(name = "hygiene.OldNumber")]
pub enum OldNumber {
    /// A variant.
    New,
    /// A variant.
    #[deprecated]
    Old,
}

/// A variant that should no longer be used.
#[message(name = "hygiene.OldVariant")]
pub enum OldVariant {
    /// A variant.
    #[deprecated]
    Old(String),
    /// A variant.
    New(i64),
}

/// A field that should no longer be used.
#[message(name = "hygiene.OldField")]
pub struct OldField {
    /// A field.
    #[deprecated]
    pub old: String,
    /// A field.
    pub new: i64,
}
