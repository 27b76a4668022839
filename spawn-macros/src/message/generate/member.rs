//! A field or a variant, with an alias for what is done with it.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::message::check::key;
use crate::message::model::{Encoding, Field, Form};
use crate::util::arguments::plain;
use crate::util::generated;

pub(super) struct Member<'a> {
    alias: Ident,
    pub(super) field: &'a Field,
}

/// Aliases of all of them.
pub(super) fn all(fields: &[Field]) -> Vec<Member<'_>> {
    let numbered = fields.iter().enumerate();
    numbered
        .map(|(number, field)| {
            let alias = format!("__SpawnField{number}");
            Member { alias: Ident::new(&alias, generated(field.ident.span())), field }
        })
        .collect()
}

/// What the fields are, as data.
pub(super) fn description(ident: &Ident, members: &[Member<'_>]) -> TokenStream {
    let span = generated(ident.span());
    let fields = members.iter().map(|member| {
        let (name, tag) = (plain(&member.field.ident), member.field.tag);
        let kind = member.call("KIND");
        quote_spanned!(span=> __spawn::FieldKind { name: #name, tag: #tag, kind: #kind })
    });
    quote_spanned! {span=>
        impl __spawn::Described for #ident {
            const FIELDS: &'static [__spawn::FieldKind] = &[#(#fields),*];
        }
    }
}

impl Member<'_> {
    /// The alias, and a check that reports the type where it stands if it cannot be that of a field.
    pub(super) fn declare(&self) -> TokenStream {
        let Self { alias, field: Field { ty, form, encoding, reported, .. } } = self;
        let span = generated(ty.span());
        if *reported {
            return quote_spanned!(span=> type #alias = __spawn::Reported<#ty>;);
        }
        let shape = quote_spanned!(span=> <__spawn::FieldShape<#ty>>::SHAPE);
        let element = quote_spanned!(span=> __spawn::field_of!(@element #ty));
        let (assertion, shape, of) = match form {
            Form::Field if encoding.is_chosen() => {
                let (shape, of) = encoded(shape, element, encoding);
                ("assert_encoded", shape, of)
            }
            // The only one whose alias does not need to say it all.
            Form::Field => {
                let assertion = match key(ty) {
                    None => quote_spanned! {span=>
                        const _: () = __spawn::assert_field::<#ty, { #shape }, { #element }>();
                    },
                    Some(key) => {
                        let valid = quote!(<__spawn::KeyCheck<#key>>::VALID);
                        quote_spanned! {span=>
                            const _: () = __spawn::assert_key::<#key>();
                            const _: () = __spawn::assert_map::<#ty, { #shape }, { #element }, { #valid }>();
                        }
                    }
                };
                return quote_spanned! {span=>
                    type #alias = __spawn::field_of!(#ty);
                    #assertion
                };
            }
            Form::Oneof => {
                let [shape, of] = ["ONEOF", "MESSAGE"].map(|it| Ident::new(it, span));
                let [shape, of] = [shape, of].map(|it| quote_spanned!(span=> __spawn::shape::#it));
                ("assert_oneof", shape, of)
            }
            Form::Variant | Form::Unit | Form::Unknown => {
                let of = encoded(shape.clone(), shape, encoding).1;
                let assertion =
                    if encoding.is_chosen() { "assert_encoded" } else { "assert_variant" };
                (assertion, quote_spanned!(span=> __spawn::shape::VARIANT), of)
            }
        };
        let assertion = Ident::new(assertion, span);
        quote_spanned! {span=>
            type #alias = __spawn::field_of!(#ty, { #shape }, { #of });
            const _: () = __spawn::#assertion::<#ty, { #shape }, { #of }>();
        }
    }

    /// `<FieldOf as Member>::method`
    pub(super) fn call(&self, method: &str) -> TokenStream {
        let alias = &self.alias;
        let method = Ident::new(method, alias.span());
        quote_spanned!(alias.span()=> <#alias as __spawn::Member>::#method)
    }
}

/// The shapes of a field and of its elements, where attributes have something to say about them.
fn encoded(
    mut shape: TokenStream,
    mut element: TokenStream,
    encoding: &Encoding,
) -> (TokenStream, TokenStream) {
    if let Some(keys) = &encoding.keys {
        shape =
            quote_spanned!(keys.span()=> __spawn::shape::with_keys(#shape, __spawn::shape::#keys));
    }
    if let Some(numbers) = &encoding.numbers {
        let span = numbers.span();
        shape = quote_spanned! {span=>
            __spawn::shape::with_encoding(#shape, __spawn::shape::#numbers)
        };
        element = quote_spanned! {span=>
            __spawn::shape::with_encoding(#element, __spawn::shape::#numbers)
        };
    }
    (shape, element)
}
