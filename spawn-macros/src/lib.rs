//! The macros of [`spawn`](https://docs.rs/spawn), which re-exports and documents them.
//!
//! Each attribute goes through the same steps: *parse* (what was written, with its spans), *check* (into a model that is valid by
//! construction, or diagnostics), *generate* (from the model, which cannot fail).

mod actor;
#[cfg(test)]
mod cases;
mod diag;
mod grammar;
mod marker;
mod message;
mod pipeline;
mod suggest;
mod util;

use proc_macro::TokenStream;

#[expect(missing_docs, reason = "documented where `spawn` re-exports it")]
#[proc_macro_attribute]
pub fn actor(arguments: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run(arguments.into(), item.into(), actor::expand).into()
}

#[expect(missing_docs, reason = "documented where `spawn` re-exports it")]
#[proc_macro_attribute]
pub fn action(arguments: TokenStream, item: TokenStream) -> TokenStream {
    marker::expand("action", &arguments.into(), &item.into()).into()
}

#[expect(missing_docs, reason = "documented where `spawn` re-exports it")]
#[proc_macro_attribute]
pub fn init(arguments: TokenStream, item: TokenStream) -> TokenStream {
    marker::expand("init", &arguments.into(), &item.into()).into()
}

#[expect(missing_docs, reason = "documented where `spawn` re-exports it")]
#[proc_macro_attribute]
pub fn message(arguments: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run(arguments.into(), item.into(), message::expand).into()
}
