//! Local names of generated code do not meet those of the user.

use spawn::prelude::*;

/// Is not what generated code means by it.
#[expect(non_upper_case_globals, reason = "it has to be in the way")]
pub const state: i64 = 1;
/// Is not what generated code means by it.
#[expect(non_upper_case_globals, reason = "it has to be in the way")]
pub const payload: i64 = 2;
/// Is not what generated code means by it.
#[expect(non_upper_case_globals, reason = "it has to be in the way")]
pub const context: i64 = 3;

/// Fields that are called like what generated code uses.
#[message(name = "hygiene.Shadowed")]
pub struct Shadowed {
    buffer: i64,
    tag: i64,
    wire: i64,
}

/// The only variant, and names that generated code uses too.
#[message(name = "hygiene.Value")]
#[expect(non_camel_case_types, reason = "it has to be in the way")]
pub enum Only {
    /// A variant.
    value(Shadowed),
}

/// Variants that are called like what generated code uses.
#[message(name = "hygiene.Names")]
#[expect(non_camel_case_types, reason = "it has to be in the way")]
pub enum Names {
    /// A variant.
    r#type(i64),
    /// A variant.
    buffer,
    /// A variant.
    Self_(String),
}

/// A oneof of them.
#[message(name = "hygiene.Fields")]
pub struct Fields {
    /// A field.
    #[message(oneof)]
    pub field: Option<Names>,
    /// A field.
    #[message(tag = 10)]
    pub order: i64,
}

#[actor]
impl Shadowed {
    /// An action.
    #[action]
    pub fn sum(&self, ctx: &Context, amount: i64) -> i64 {
        let _id = ctx.id();
        state + payload + context + amount + self.buffer + self.tag + self.wire
    }

    /// An action.
    #[action]
    pub async fn later(&mut self, ctx: &Context, amount: i64) -> i64 {
        let _id = ctx.id();
        self.buffer = amount;
        state + payload + context + self.buffer
    }
}
