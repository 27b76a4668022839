//! `#[message]`: parse, check, generate.

mod check;
mod generate;
mod model;
mod parse;

use proc_macro2::TokenStream;

use crate::diag::Sink;
use crate::hints;
use crate::util::strip;

pub(crate) fn expand(arguments: TokenStream, item: TokenStream, sink: &mut Sink) -> TokenStream {
    let hints = hints::of_message(arguments.clone());
    let Some(parsed) = parse::parse(arguments, item.clone(), sink) else {
        return strip::helpers(item);
    };
    let message = check::check(parsed, sink);
    generate::generate(&message, sink.is_empty(), &hints)
}
