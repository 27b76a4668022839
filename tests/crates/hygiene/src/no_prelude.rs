//! Without the standard prelude, among items that are called like everything that generated code uses.

#![no_implicit_prelude]
#![allow(clippy::absolute_paths, clippy::allow_attributes, reason = "there are no others here")]

macro_rules! impostors {
    ($($name:ident)*) => { $(
        /// Is not what it is called.
        #[derive(::core::fmt::Debug)]
        #[allow(non_camel_case_types, clippy::allow_attributes, reason = "only its name matters")]
        pub struct $name;
    )* };
}

impostors!(String Option Some None Vec Result Ok Err Box Send Default From Clone Debug Fn Self_ u32 i32 str usize bool);

/// Is not what it is called.
pub mod core {}
/// Is not what it is called.
pub mod std {}
/// Is not what it is called.
pub mod prost {}
/// Is not what it is called.
pub mod tokio {}
/// Is not what it is called.
pub mod alloc {}

/// An enumeration.
#[::spawn::message(name = "hygiene.bare.Level")]
pub enum Level {
    /// Zero.
    Low,
    /// One.
    High,
}

/// An enum with data.
#[::spawn::message(name = "hygiene.bare.Choice")]
pub enum Choice {
    /// A variant.
    #[message(tag = 4)]
    Level(Level),
    /// A variant.
    #[message(tag = 5, sint)]
    Number(i64),
    /// A variant.
    #[message(tag = 6)]
    Nothing,
    /// A variant.
    #[message(tag = 7)]
    Again(::std::boxed::Box<Self>),
}

/// A message with a oneof.
#[::spawn::message(name = "hygiene.bare.Chosen", reserved(100.., "old"))]
pub struct Chosen {
    /// A field.
    #[message(oneof)]
    pub choice: ::std::option::Option<Choice>,
    /// A field.
    #[message(tag = 1)]
    pub choices: ::std::vec::Vec<Choice>,
    /// A field.
    #[message(tag = 2, keys = fixed, fixed)]
    pub map: ::std::collections::HashMap<i64, i64>,
    /// A field.
    #[message(tag = 3)]
    pub times: ::std::collections::BTreeMap<::std::string::String, ::std::time::SystemTime>,
}

/// A message.
#[::spawn::message(name = "hygiene.bare.Reading")]
pub struct Reading {
    /// A field.
    pub name: ::std::string::String,
    /// A field.
    pub levels: ::std::vec::Vec<Level>,
    /// A field.
    pub next: ::std::option::Option<::std::boxed::Box<Self>>,
}

/// An actor.
#[::spawn::message(name = "hygiene.bare.Bare")]
pub struct Bare {
    count: i64,
}

#[::spawn::actor(channels = [("bare", on_reading)])]
impl Bare {
    #[::spawn::init]
    async fn begin(&mut self, context: &::spawn::Context) {
        if context.caller().is_some() {
            self.count = 0;
        }
    }

    /// An action.
    ///
    /// # Errors
    /// Never.
    #[::spawn::action]
    pub fn on_reading(
        &mut self,
        reading: Reading,
    ) -> ::std::result::Result<i64, ::std::fmt::Error> {
        if reading.name.is_empty() {
            self.count += 1;
        }
        ::std::result::Result::Ok(self.count)
    }

    /// An action whose payload is the state.
    #[::spawn::action]
    pub fn replace(&self, other: Self) -> ::spawn::Value<i64, Self> {
        ::spawn::Value::of().response(other.count).state(other)
    }

    /// An action.
    #[::spawn::action]
    pub async fn later(&self, context: &::spawn::Context) -> ::spawn::Value<i64> {
        ::spawn::Value::from(if context.event().is_some() { 0 } else { self.count })
    }
}
