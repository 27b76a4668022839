//! What an editor offers inside of an attribute.
//!
//! The keys are handed on as they were written, half-written ones too, to a macro of the library that is empty for the compiler.
//! For rust-analyzer it looks each of them up in a module that has what could stand there, so that they are completed, and lead to
//! their documentation.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// The lists of an `#[actor]` block: of its own attribute, and of those of its actions.
pub(crate) fn of_actor<'a>(
    arguments: TokenStream,
    actions: impl Iterator<Item = &'a TokenStream>,
) -> TokenStream {
    let own = written(arguments);
    let actions = actions.flat_map(|list| written(list.clone()).keys);
    let Written { keys, kinds } = own;
    looked_up(&quote! { actor { #(#keys)* } kind { #(#kinds)* } action { #(#actions)* } })
}

/// The list of a `#[message]`.
pub(crate) fn of_message(arguments: TokenStream) -> TokenStream {
    let keys = written(arguments).keys;
    looked_up(&quote! { message { #(#keys)* } })
}

fn looked_up(lists: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> __spawn::hints! { #lists })
}

#[derive(Default)]
struct Written {
    keys: Vec<Ident>,
    /// The values of `kind`.
    kinds: Vec<Ident>,
}

/// What stands where a key or a kind could stand. Whether it is one is not asked here.
fn written(arguments: TokenStream) -> Written {
    let mut written = Written::default();
    let mut before: Option<TokenTree> = None;
    for token in arguments {
        if let TokenTree::Ident(ident) = &token {
            let is_after =
                |wanted| matches!(&before, Some(TokenTree::Punct(it)) if it.as_char() == wanted);
            let is_kind = written.keys.last().is_some_and(|key| key == "kind");
            if before.is_none() || is_after(',') {
                // `crate` cannot be looked up as the others are.
                if ident != "crate" {
                    written.keys.push(ident.clone());
                }
            } else if is_after('=') && is_kind {
                written.kinds.push(ident.clone());
            }
        }
        before = Some(token);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_kinds_are_handed_on_also_half_written_ones() {
        let arguments = quote!(name = "a", crate = b, kind = poo, channels = [("c", d)], deac);
        let hints = of_actor(arguments, [quote!(tim), quote!()].iter()).to_string();
        let wanted = quote! {
            __spawn::hints! { actor { name kind channels deac } kind { poo } action { tim } }
        };
        assert_eq!(hints, wanted.to_string());
    }

    /// What can be written is what is offered.
    #[test]
    fn the_library_has_each_key() {
        let offered = include_str!("../../spawn/src/hints.rs");
        let sources = [
            ("actor", include_str!("actor/parse/arguments.rs"), "place: \"`#[actor]`\""),
            ("action", include_str!("actor/check/methods.rs"), "place: \"`#[action]`\""),
            ("message", include_str!("message/parse/mod.rs"), "place: \"`#[message]`\""),
        ];
        for (list, source, place) in sources {
            let keys = source.split_once(place).unwrap().1.split_once("others:").unwrap().0;
            let offered = offered.split_once(&format!("pub mod {list} {{")).unwrap().1;
            let offered = offered.split_once("\n}").unwrap().0;
            let mut count = 0;
            for line in keys.lines() {
                let Some((key, _)) =
                    line.trim().strip_prefix("(\"").and_then(|it| it.split_once('"'))
                else {
                    continue;
                };
                let is_offered = offered.contains(&format!("pub mod {key} {{}}"));
                assert!(is_offered || key == "crate", "{list} does not offer {key}");
                count += 1;
            }
            assert!(count >= 2, "the keys of {list} were not found");
        }
    }
}
