//! What every attribute does: expand, and never lose the item.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::{self, Sink};
use crate::util::strip;

/// Expands an item. What is wrong goes into the sink; the tokens have the item in any case.
pub(crate) type Expand = fn(TokenStream, TokenStream, &mut Sink) -> TokenStream;

/// The expansion with its errors. If `expand` panics, which is a mistake of ours, the item comes out as it went in.
pub(crate) fn run(arguments: TokenStream, item: TokenStream, expand: Expand) -> TokenStream {
    let mut sink = Sink::default();
    let original = item.clone();
    let expanded = catch_unwind(AssertUnwindSafe(|| expand(arguments, item, &mut sink)))
        .unwrap_or_else(|_| {
            sink.push(diag::internal());
            strip::helpers(original)
        });
    let errors = sink.into_tokens();
    quote!(#expanded #errors)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::run;

    #[test]
    fn a_panic_of_ours_loses_nothing() {
        let block = quote!(impl Shop { #[action] fn orders(&self) {} });
        let expanded = run(quote!(), block, |_, _, _| panic!("as a mistake of ours would"));
        let kept = quote!(impl Shop { fn orders(&self) {} }).to_string();
        let rest = expanded.to_string();
        let rest = rest.strip_prefix(&kept).unwrap();
        assert!(rest.contains("compile_error") && rest.contains("please report it"), "{rest}");
    }
}
