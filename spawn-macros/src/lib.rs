//! The macros of [`spawn`](https://docs.rs/spawn), which re-exports and documents them; what is said here is what an editor shows.
//!
//! Each attribute goes through the same steps: *parse* (what was written, with its spans), *check* (into a model that is valid by
//! construction, or diagnostics), *generate* (from the model, which cannot fail).

#![deny(missing_docs)]

mod actor;
#[cfg(test)]
mod cases;
mod diag;
mod grammar;
mod hints;
mod marker;
mod message;
mod pipeline;
mod suggest;
mod util;

use proc_macro::TokenStream;

/// In short: `#[actor(name = "order_processor", channels = [("order.events", handle_order)])]` on the `impl` block of a type makes an
/// actor of it. Keys: `name`, `kind`, `channels`, `stateful`, `deactivate_timeout`, `ask_timeout`, `mailbox`, `retry`,
/// `snapshot_timeout`, `revisions`, `tags`, `min_pool_size`, `max_pool_size`, `crate`.
#[proc_macro_attribute]
pub fn actor(arguments: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run(arguments.into(), item.into(), actor::expand).into()
}

/// In short: `#[action]` makes an action of a method in an `#[actor]` block. Keys: `name`, `route`, `timer`.
#[proc_macro_attribute]
pub fn action(arguments: TokenStream, item: TokenStream) -> TokenStream {
    marker::expand("action", &arguments.into(), &item.into()).into()
}

/// In short: `#[init]` makes a method of an `#[actor]` block run at each activation, before the first message.
#[proc_macro_attribute]
pub fn init(arguments: TokenStream, item: TokenStream) -> TokenStream {
    marker::expand("init", &arguments.into(), &item.into()).into()
}

/// In short: `#[message(name = "shop.OrderCreated")]` makes a message of a struct or an enum. Keys: `name`, `reserved`, `crate`.
#[proc_macro_attribute]
pub fn message(arguments: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run(arguments.into(), item.into(), message::expand).into()
}
