//! `#[action]` and `#[init]` on their own: they mean something only inside of `#[actor]`, which takes them away.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::{self, Sink};

/// What `#[actor]` gives to the attributes that it prints again, so that they stay names that an editor can look up.
pub(crate) const EXPANDED: &str = "__expanded";

pub(crate) fn expand(
    name: &'static str,
    arguments: &TokenStream,
    item: &TokenStream,
) -> TokenStream {
    if arguments.to_string() == EXPANDED {
        return TokenStream::new();
    }
    let mut sink = Sink::default();
    let item = outside(name, item.clone(), &mut sink);
    let errors = sink.into_tokens();
    quote!(#item #errors)
}

/// Reports that nobody took the attribute away, and leaves the item alone.
pub(crate) fn outside(name: &str, item: TokenStream, sink: &mut Sink) -> TokenStream {
    sink.push(diag::outside_of_actor(name));
    item
}
