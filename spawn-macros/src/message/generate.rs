//! From a message to code: the item itself, what it can derive, and its encoding.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, ItemEnum, ItemStruct, Path};

use super::model::{Field, Message, Shape, Variant};
use crate::util::{arguments::plain, ends_with, generated, local};

/// `register` says whether the definition is whole, so that it can be told to the runtime.
pub(crate) fn generate(message: &Message, register: bool) -> TokenStream {
    let krate = &message.krate;
    let span = Span::mixed_site();
    let (item, generated) = match &message.shape {
        Shape::Struct { item, fields } => {
            let code = structure(message, item, fields, register);
            (quote!(#item), code)
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

/// The names of what the user derives below `#[message]`.
fn derived(attributes: &[Attribute]) -> Vec<String> {
    let mut names = Vec::new();
    for attribute in attributes.iter().filter(|it| ends_with(it.path(), "derive")) {
        let paths = attribute
            .parse_args_with(syn::punctuated::Punctuated::<Path, syn::Token![,]>::parse_terminated);
        names.extend(
            paths
                .into_iter()
                .flatten()
                .filter_map(|path| path.segments.last().map(|segment| segment.ident.to_string())),
        );
    }
    names
}

/// The derives of `wanted` that the user has not written.
fn derives(attributes: &[Attribute], wanted: &[&str]) -> TokenStream {
    let written = derived(attributes);
    let span = Span::mixed_site();
    let paths = wanted.iter().filter(|name| !written.iter().any(|it| it == *name)).map(|name| {
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

fn structure(
    message: &Message,
    item: &ItemStruct,
    fields: &[Field],
    register: bool,
) -> TokenStream {
    let ident = &item.ident;
    let span = generated(ident.span());
    let Message { package, name, .. } = message;
    let members: Vec<Member<'_>> =
        fields.iter().enumerate().map(|(number, field)| Member::new(number, field)).collect();
    let declarations = members.iter().map(Member::declare);
    let encoding = encoding(ident, &members);
    let traits = traits(item, &members);
    let registration = register.then(|| {
        quote_spanned! {span=>
            __spawn::inventory::submit!(__spawn::MessageRegistration::of::<#ident>(__spawn::Location::caller()));
        }
    });
    quote_spanned! {span=>
        #(#declarations)*
        impl __spawn::prost::Name for #ident {
            const PACKAGE: &'static __spawn::str = #package;
            const NAME: &'static __spawn::str = #name;
        }
        #encoding
        #traits
        #registration
    }
}

/// A field, with an alias for what is done with it.
struct Member<'a> {
    alias: Ident,
    field: &'a Field,
}

impl<'a> Member<'a> {
    fn new(number: usize, field: &'a Field) -> Self {
        let alias = Ident::new(&format!("__SpawnField{number}"), generated(field.ident.span()));
        Self { alias, field }
    }

    /// The alias, and a check that reports the type where it stands if it cannot be that of a field.
    fn declare(&self) -> TokenStream {
        let Self { alias, field: Field { ty, .. } } = self;
        let span = generated(ty.span());
        if self.field.reported {
            return quote_spanned!(span=> type #alias = __spawn::Reported<#ty>;);
        }
        quote_spanned! {span=>
            type #alias = __spawn::field_of!(#ty);
            const _: () = __spawn::assert_field::<
                #ty,
                { <__spawn::FieldShape<#ty>>::SHAPE },
                { __spawn::field_of!(@element #ty) },
            >();
        }
    }

    /// `<FieldOf as Member>::method`
    fn call(&self, method: &str) -> TokenStream {
        let alias = &self.alias;
        let method = Ident::new(method, alias.span());
        quote_spanned!(alias.span()=> <#alias as __spawn::Member>::#method)
    }
}

/// `impl prost::Message`
fn encoding(ident: &Ident, members: &[Member<'_>]) -> TokenStream {
    let span = generated(ident.span());
    let [buffer, tag, wire, context, error] =
        ["buffer", "tag", "wire", "context", "error"].map(local);
    let type_name = plain(ident);
    let encode = members.iter().map(|member| {
        let (call, Field { ident, tag, .. }) = (member.call("encode"), member.field);
        quote_spanned!(span=> #call(&self.#ident, #tag, #buffer);)
    });
    let merge = members.iter().map(|member| {
        let (call, Field { ident, tag, .. }) = (member.call("merge"), member.field);
        let label = plain(ident);
        quote_spanned! {span=>
            #tag => #call(&mut self.#ident, #tag, #wire, #buffer, #context)
                .map_err(|#error| __spawn::in_field(#error, #type_name, #label)),
        }
    });
    let length = members.iter().map(|member| {
        let (call, Field { ident, tag, .. }) = (member.call("length"), member.field);
        quote_spanned!(span=> + #call(&self.#ident, #tag))
    });
    quote_spanned! {span=>
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
    }
}

/// What every message is, unless the user derives it: `Clone`, `Debug`, `Default`, `PartialEq`.
fn traits(item: &ItemStruct, members: &[Member<'_>]) -> TokenStream {
    let ident = &item.ident;
    let span = generated(ident.span());
    let written = derived(&item.attrs);
    let is_written = |name: &str| written.iter().any(|it| it == name);
    let fields = members.iter().map(|member| &member.field.ident);
    let mut traits = TokenStream::new();
    if !is_written("Clone") {
        let clones = members.iter().map(|member| member.call("clone"));
        let fields = fields.clone();
        traits.extend(quote_spanned! {span=>
            impl __spawn::Clone for #ident {
                fn clone(&self) -> Self {
                    Self { #(#fields: #clones(&self.#fields),)* }
                }
            }
        });
    }
    if !is_written("Debug") {
        let debugs = members.iter().map(|member| member.call("debug"));
        let labels = fields.clone().map(plain);
        let name = plain(ident);
        let formatter = local("formatter");
        let fields = fields.clone();
        traits.extend(quote_spanned! {span=>
            impl __spawn::Debug for #ident {
                fn fmt(&self, #formatter: &mut __spawn::fmt::Formatter<'_>) -> __spawn::fmt::Result {
                    #formatter.debug_struct(#name) #(.field(#labels, #debugs(&self.#fields)))* .finish()
                }
            }
        });
    }
    if !is_written("Default") {
        let defaults = members.iter().map(|member| member.call("default"));
        let fields = fields.clone();
        traits.extend(quote_spanned! {span=>
            impl __spawn::Default for #ident {
                fn default() -> Self {
                    Self { #(#fields: #defaults(),)* }
                }
            }
        });
    }
    if !is_written("PartialEq") {
        let equals = members.iter().map(|member| member.call("equal"));
        let other = local("other");
        let other = if members.is_empty() { quote!(_) } else { quote!(#other) };
        traits.extend(quote_spanned! {span=>
            impl __spawn::PartialEq for #ident {
                fn eq(&self, #other: &Self) -> __spawn::bool {
                    true #(&& #equals(&self.#fields, &#other.#fields))*
                }
            }
        });
    }
    traits
}

fn enumeration(item: &ItemEnum, variants: &[Variant]) -> TokenStream {
    let ident = &item.ident;
    let span = generated(ident.span());
    let to = variants
        .iter()
        .map(|Variant { ident: variant, value }| quote_spanned!(span=> Self::#variant => #value,));
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
