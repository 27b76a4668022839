//! From a message to code: the item itself, what it can derive, and its encoding.

mod enumeration;
mod member;
mod oneof;
mod structure;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Attribute;

use super::model::{Message, Shape};
use super::parse::derived;
use crate::util::generated;

/// `register` says whether the definition is whole, so that it can be told to the runtime.
pub(crate) fn generate(message: &Message, register: bool, hints: &TokenStream) -> TokenStream {
    let krate = &message.krate;
    let span = Span::mixed_site();
    let (item, generated) = match &message.shape {
        Shape::Struct { item, fields, reserved } => {
            let code = structure::generate(item, fields, reserved);
            let names = names(message, &item.ident, register);
            (quote!(#item), quote!(#code #names))
        }
        Shape::Oneof { item, variants } => {
            let code = oneof::generate(item, variants);
            let names = names(message, &item.ident, register);
            (quote!(#item), quote!(#code #names))
        }
        Shape::Enum { item, variants } => {
            let wanted = ["Clone", "Copy", "Debug", "Eq", "Hash", "PartialEq"];
            let derives = derives(&item.attrs, &wanted);
            (quote!(#derives #item), enumeration::generate(item, variants))
        }
    };
    // Whoever deprecates a field does not use it here.
    let allow = has_deprecated(&message.shape).then(|| quote_spanned!(span=> #[allow(deprecated)]));
    quote_spanned! {span=>
        #item
        #allow
        const _: () = {
            use #krate::__private as __spawn;
            use __spawn::probes::*;
            #hints
            #generated
        };
    }
}

/// Whether a field or a variant is `#[deprecated]`.
fn has_deprecated(shape: &Shape) -> bool {
    let is_deprecated =
        |attributes: &[Attribute]| attributes.iter().any(|it| it.path().is_ident("deprecated"));
    match shape {
        Shape::Struct { item, .. } => item.fields.iter().any(|it| is_deprecated(&it.attrs)),
        Shape::Oneof { item, .. } | Shape::Enum { item, .. } => {
            item.variants.iter().any(|it| is_deprecated(&it.attrs))
        }
    }
}

/// The full name, and its registration.
fn names(message: &Message, ident: &Ident, register: bool) -> TokenStream {
    let span = generated(ident.span());
    let Message { package, name, .. } = message;
    let registration = register.then(|| {
        quote_spanned! {span=>
            __spawn::inventory::submit!(__spawn::MessageRegistration::of::<#ident>(__spawn::Location::caller()));
        }
    });
    quote_spanned! {span=>
        impl __spawn::prost::Name for #ident {
            const PACKAGE: &'static __spawn::str = #package;
            const NAME: &'static __spawn::str = #name;
        }
        #registration
    }
}

/// Whether the user derives it.
fn is_derived(attributes: &[Attribute], name: &str) -> bool {
    derived(attributes).iter().any(|it| it == name)
}

/// The derives of `wanted` that the user has not written.
fn derives(attributes: &[Attribute], wanted: &[&str]) -> TokenStream {
    let span = Span::mixed_site();
    let missing = wanted.iter().filter(|name| !is_derived(attributes, name));
    let paths = missing.map(|name| {
        let module = Ident::new(
            match *name {
                "Clone" => "clone",
                "Copy" => "marker",
                "Debug" => "fmt",
                "Hash" => "hash",
                _ => "cmp",
            },
            span,
        );
        let name = Ident::new(name, span);
        quote_spanned!(span=> ::core::#module::#name)
    });
    quote_spanned!(span=> #[::core::prelude::v1::derive(#(#paths),*)])
}
