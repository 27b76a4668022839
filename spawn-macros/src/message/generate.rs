//! From a message to code: the item itself, what it can derive, and its encoding.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, ItemEnum, Path};

use super::model::{Field, Message, Shape, Variant};
use crate::util::{arguments::plain, ends_with, generated, local};

/// `register` says whether the definition is whole, so that it can be told to the runtime.
pub(crate) fn generate(message: &Message, register: bool) -> TokenStream {
    let krate = &message.krate;
    let span = Span::mixed_site();
    let (item, generated) = match &message.shape {
        Shape::Struct { item, fields } => {
            let derived = derives(&item.attrs, &["Clone", "Debug", "Default", "PartialEq"]);
            let code = structure(message, &item.ident, fields, register);
            (quote!(#derived #item), code)
        }
        Shape::Enum { item, variants } => {
            let wanted = ["Clone", "Copy", "Debug", "Eq", "Hash", "PartialEq"];
            let derived = derives(&item.attrs, &wanted);
            (quote!(#derived #item), enumeration(item, variants))
        }
    };
    quote_spanned! {span=>
        #item
        const _: () = {
            use #krate::__private as __spawn;
            use __spawn::probes::*;
            #generated
        };
    }
}

/// The derives that the user has not written below `#[message]`.
fn derives(attributes: &[Attribute], wanted: &[&str]) -> TokenStream {
    let mut written: Vec<String> = Vec::new();
    for attribute in attributes.iter().filter(|it| ends_with(it.path(), "derive")) {
        let paths = attribute
            .parse_args_with(syn::punctuated::Punctuated::<Path, syn::Token![,]>::parse_terminated);
        let names = paths.into_iter().flatten().filter_map(|path| {
            path.segments.last().map(|segment| segment.ident.to_string())
        });
        written.extend(names);
    }
    let span = Span::mixed_site();
    let paths = wanted.iter().filter(|name| !written.iter().any(|it| it == *name)).map(|name| {
        let module = Ident::new(
            match *name {
                "Clone" => "clone",
                "Copy" => "marker",
                "Debug" => "fmt",
                "Default" => "default",
                "Hash" => "hash",
                _ => "cmp",
            },
            span,
        );
        let name = Ident::new(name, span);
        quote_spanned!(span=> ::core::#module::#name)
    });
    // Whether the fields are `Eq` cannot be known here.
    quote_spanned! {span=>
        #[allow(clippy::derive_partial_eq_without_eq)]
        #[::core::prelude::v1::derive(#(#paths),*)]
    }
}

fn structure(message: &Message, ident: &Ident, fields: &[Field], register: bool) -> TokenStream {
    let span = generated(ident.span());
    let Message { package, name, .. } = message;
    let [buffer, tag, wire, context, error] =
        ["buffer", "tag", "wire", "context", "error"].map(local);
    let encode = fields.iter().map(|field| {
        let call = call(field, "encode");
        let (member, number) = (&field.ident, field.tag);
        quote_spanned!(span=> #call(&self.#member, #number, #buffer);)
    });
    let merge = fields.iter().map(|field| {
        let call = call(field, "merge");
        let (member, number, label) = (&field.ident, field.tag, plain(&field.ident));
        let type_name = plain(ident);
        quote_spanned! {span=>
            #number => #call(&mut self.#member, #wire, #buffer, #context)
                .map_err(|#error| __spawn::in_field(#error, #type_name, #label)),
        }
    });
    let length = fields.iter().map(|field| {
        let call = call(field, "length");
        let (member, number) = (&field.ident, field.tag);
        quote_spanned!(span=> + #call(&self.#member, #number))
    });
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

        impl __spawn::prost::Message for #ident {
            fn encode_raw(&self, #buffer: &mut impl __spawn::BufMut) {
                #(#encode)*
            }

            fn merge_field(
                &mut self,
                #tag: __spawn::u32,
                #wire: __spawn::WireType,
                #buffer: &mut impl __spawn::Buf,
                #context: __spawn::DecodeContext,
            ) -> __spawn::Result<(), __spawn::prost::DecodeError> {
                match #tag {
                    #(#merge)*
                    _ => __spawn::skip_field(#wire, #tag, #buffer, #context),
                }
            }

            fn encoded_len(&self) -> __spawn::usize {
                0 #(#length)*
            }

            fn clear(&mut self) {
                *self = __spawn::Default::default();
            }
        }

        #registration
    }
}

/// `<T as Field<..>>::method`, for the type of the field.
fn call(field: &Field, method: &str) -> TokenStream {
    let ty = &field.ty;
    let span = generated(ty.span());
    let method = Ident::new(method, span);
    quote_spanned! {span=>
        <#ty as __spawn::Field<
            { <__spawn::FieldShape<#ty>>::SHAPE },
            { <__spawn::FieldShape<<#ty as __spawn::Element<{ <__spawn::FieldShape<#ty>>::SHAPE }>>::Element>>::SHAPE },
        >>::#method
    }
}

fn enumeration(item: &ItemEnum, variants: &[Variant]) -> TokenStream {
    let ident = &item.ident;
    let span = generated(ident.span());
    let to = variants.iter().map(|Variant { ident: variant, value }| {
        quote_spanned!(span=> Self::#variant => #value,)
    });
    let from = variants.iter().map(|Variant { ident: variant, value }| {
        quote_spanned!(span=> #value => __spawn::Some(Self::#variant),)
    });
    let default = variants.iter().find(|variant| variant.value == 0).or(variants.first());
    let default = default.map(|variant| {
        let variant = &variant.ident;
        quote_spanned!(span=> Self::#variant)
    });
    // Without a variant there is nothing to default to, and a diagnostic that says so.
    let Some(default) = default else { return TokenStream::new() };
    let number = local("number");
    quote_spanned! {span=>
        impl __spawn::Default for #ident {
            fn default() -> Self {
                #default
            }
        }

        impl __spawn::Enumeration for #ident {
            fn to_i32(self) -> __spawn::i32 {
                match self { #(#to)* }
            }

            fn from_i32(#number: __spawn::i32) -> __spawn::Option<Self> {
                match #number { #(#from)* _ => __spawn::None }
            }
        }
    }
}
