//! What a type is decides, not what it is called.

use core::fmt::Error;
use core::result::Result as Core;

use spawn::{Context as Cx, Event as Anything, Value as Outcome, action, actor, message};

/// Not the `Context` of the library, but a payload.
#[message(name = "hygiene.Context")]
pub struct Context {
    /// Some text.
    pub text: String,
}

/// Not the `Event` of the library.
#[message(name = "hygiene.Event")]
pub struct Event {
    /// A number.
    pub number: Number,
}

/// Not the `Result` of the standard library.
#[message(name = "hygiene.Result")]
pub struct Result {
    /// A list behind an alias.
    pub numbers: List,
    /// Bytes behind an alias.
    pub bytes: Bytes,
}

/// An alias of a field's type.
pub type Number = i64;
/// An alias of a collection.
pub type List = Vec<Number>;
/// An alias of bytes.
pub type Bytes = Vec<u8>;
/// A result whose name says nothing.
pub type Answer<T> = Core<T, Error>;

/// An actor.
#[message(name = "hygiene.Aliased")]
pub struct Aliased {
    total: Number,
}

#[actor(channels = [("aliases.*", on_anything), ("aliases.events", on_event)])]
impl Aliased {
    /// Returns a message that is called `Result`, and borrows the context under another name.
    #[action]
    pub fn summary(&self, cx: &Cx, context: Context) -> Result {
        let bytes = cx.caller().map_or(context.text, |caller| caller.name().to_owned());
        Result { numbers: vec![self.total], bytes: bytes.into() }
    }

    /// Returns a `Result` that is called otherwise.
    ///
    /// # Errors
    /// If the amount is negative.
    #[action]
    pub fn add(&mut self, amount: Number) -> Answer<Number> {
        self.total += amount;
        if amount < 0 { Err(Error) } else { Ok(self.total) }
    }

    /// Returns a `Value` that is called otherwise, inside of a `Result` that is called otherwise.
    ///
    /// # Errors
    /// Never.
    #[action]
    pub fn flow(&mut self) -> Answer<Outcome<Number>> {
        Ok(Outcome::from(self.total))
    }

    /// Takes every event.
    #[action]
    pub fn on_anything(&mut self, event: Anything) {
        self.total += i64::from(event.attempt());
    }

    /// Takes a message that is called `Event`.
    #[action]
    pub fn on_event(&mut self, event: Event) {
        self.total += event.number;
    }
}
