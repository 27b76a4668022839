//! Attributes of all sorts on methods, conditions, and names that are keywords.

use spawn::prelude::*;

/// An actor.
#[message(name = "hygiene.Many")]
pub struct Many {
    r#type: String,
    count: i64,
}

#[actor(
    name = "many",
    channels = [("many", r#move), ("many.text", "anyText"), "many.>",],
)]
impl Many {
    /// A constant, which is no action.
    const LIMIT: i64 = 10;

    #[doc = "A keyword."]
    #[action]
    pub fn r#move(&mut self, r#in: i64) {
        self.count = r#in.min(Self::LIMIT) + self.helper();
    }

    /// There in tests only.
    #[cfg(test)]
    #[action]
    pub fn only_in_tests(&self) -> i64 {
        self.count
    }

    /// Never there.
    #[cfg(any())]
    #[action]
    pub fn never(&self, missing: DoesNotExist) -> DoesNotExist {
        missing
    }

    /// Ignores what it gets.
    #[action(name = "any_text")]
    pub fn text(&mut self, _: String) {
        self.r#type.clear();
    }

    /// Takes it apart.
    #[action]
    pub fn receive(&mut self, event: Event) {
        self.count += i64::from(event.attempt());
    }

    /// No action.
    const fn helper(&self) -> i64 {
        self.count
    }
}
