//! Taking helper attributes out of tokens that could not be understood.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::Attribute;
use syn::parse::{ParseStream, Parser};

use super::ends_with;

/// `item` without `#[action]`, `#[init]` and the like at any depth, so that what is wrong with the item is reported alone.
pub(crate) fn helpers(item: TokenStream) -> TokenStream {
    let mut stripped = TokenStream::new();
    let mut tokens = item.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(hash) if hash.as_char() == '#' => match tokens.peek() {
                Some(TokenTree::Group(group)) if is_helper(group) => {
                    tokens.next();
                }
                _ => stripped.extend([TokenTree::Punct(hash)]),
            },
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), helpers(group.stream()));
                inner.set_span(group.span());
                stripped.extend([TokenTree::Group(inner)]);
            }
            token => stripped.extend([token]),
        }
    }
    stripped
}

/// Whether the brackets after a `#` are one of our helpers. What is no attribute at all is left to the compiler.
fn is_helper(group: &Group) -> bool {
    if group.delimiter() != Delimiter::Bracket {
        return false;
    }
    let attribute = (|input: ParseStream<'_>| input.call(Attribute::parse_outer))
        .parse2(quote!(# #group))
        .unwrap_or_default();
    let names = ["action", "init", "message"];
    attribute.iter().any(|it| names.iter().any(|name| ends_with(it.path(), name)))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::helpers;

    #[test]
    fn only_helpers_go() {
        let item = quote! {
            #[doc = "kept"] impl Shop { #[action] #[inline] fn a(&self) { #[allow(x)] b } #[spawn::init(c)] fn d() }
        };
        let kept = quote! {
            #[doc = "kept"] impl Shop { #[inline] fn a(&self) { #[allow(x)] b } fn d() }
        };
        assert_eq!(helpers(item).to_string(), kept.to_string());
        let malformed = quote!(#[action action] fn f() {} #[init = ] fn g() {});
        assert_eq!(helpers(malformed.clone()).to_string(), malformed.to_string());
    }
}
