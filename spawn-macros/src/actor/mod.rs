//! `#[actor]`: parse, check, generate.

mod check;
mod generate;
mod model;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Sink;
use crate::util::strip;

pub(crate) fn expand(arguments: TokenStream, item: TokenStream, sink: &mut Sink) -> TokenStream {
    let Some(block) = parse::block(item.clone(), sink) else {
        return strip::helpers(item);
    };
    let arguments = parse::arguments(arguments, sink);
    let actor = check::check(&block, &arguments, sink);
    let generated = generate::generate(&actor, sink.is_empty());
    quote!(#block #generated)
}
