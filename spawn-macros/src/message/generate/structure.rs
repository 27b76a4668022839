//! A struct.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ItemStruct;

use super::is_derived;
use super::member::{self, Member, description};
use crate::message::model::{Field, Form};
use crate::util::{arguments::plain, generated, local};

pub(super) fn generate(
    item: &ItemStruct,
    fields: &[Field],
    reserved: &[(u32, u32)],
) -> TokenStream {
    let members = member::all(fields);
    let declarations = members.iter().map(Member::declare);
    let tags = check_tags(&members, reserved);
    let description = description(&item.ident, &members);
    let encoding = encoding(&item.ident, &members);
    let traits = traits(item, &members);
    quote! {
        #(#declarations)*
        #tags
        #description
        #encoding
        #traits
    }
}

/// The tags of a oneof are known to its own definition, so that the compiler has to compare them.
fn check_tags(members: &[Member<'_>], reserved: &[(u32, u32)]) -> TokenStream {
    let is_oneof = |member: &&Member<'_>| member.field.form == Form::Oneof;
    let own = members.iter().filter(|it| !is_oneof(it)).map(|Member { field, .. }| {
        let (name, tag) = (plain(&field.ident), field.tag);
        quote!((#name, #tag))
    });
    let own = quote!(&[#(#own),*]);
    let reserved = reserved.iter().map(|(first, last)| quote!((#first, #last)));
    let reserved = quote!(&[#(#reserved),*]);
    let oneofs: Vec<_> = members.iter().filter(is_oneof).collect();
    let checks = oneofs.iter().enumerate().map(|(number, oneof)| {
        let span = generated(oneof.field.ident.span());
        let variants = oneof.call("VARIANTS");
        let earlier = oneofs.iter().take(number).map(|earlier| {
            let (name, variants) = (plain(&earlier.field.ident), earlier.call("VARIANTS"));
            quote!((#name, #variants))
        });
        quote_spanned! {span=>
            const _: () = __spawn::assert_tags(#variants, &[("", #own), #(#earlier),*], #reserved);
        }
    });
    checks.collect()
}

/// `impl prost::Message`
fn encoding(ident: &Ident, members: &[Member<'_>]) -> TokenStream {
    let span = generated(ident.span());
    let [buffer, tag, wire, context, error] =
        ["buffer", "tag", "wire", "context", "error"].map(local);
    let type_name = plain(ident);
    let encode = in_order(members, |member| {
        let (call, Field { ident, tag, .. }) = (member.call("encode"), member.field);
        quote_spanned!(span=> #call(&self.#ident, #tag, #buffer);)
    });
    let merge = members.iter().map(|member| {
        let (call, Field { ident, tag: field_tag, form, .. }) =
            (member.call("merge"), member.field);
        let label = plain(ident);
        let pattern = if *form == Form::Oneof {
            let variants = member.call("VARIANTS");
            quote_spanned!(span=> _ if __spawn::has_tag(#variants, #tag))
        } else {
            quote!(#field_tag)
        };
        quote_spanned! {span=>
            #pattern => #call(&mut self.#ident, #tag, #wire, #buffer, #context)
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
                #encode
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

/// Code for each field in the order of tags, as `prost` writes them. That of a oneof is its smallest, which the compiler knows.
fn in_order(members: &[Member<'_>], code: impl Fn(&Member<'_>) -> TokenStream) -> TokenStream {
    if members.iter().all(|member| member.field.form != Form::Oneof) {
        let mut members: Vec<_> = members.iter().collect();
        members.sort_by_key(|member| member.field.tag);
        return members.into_iter().map(code).collect();
    }
    let [field, order] = [local("field"), Ident::new("__SPAWN_ORDER", local("order").span())];
    let tags = members.iter().map(|member| {
        let (variants, tag) = (member.call("VARIANTS"), member.field.tag);
        if member.field.form == Form::Oneof {
            quote!(__spawn::first_tag(#variants))
        } else {
            quote!(#tag)
        }
    });
    let numbers = 0..members.len();
    let count = members.len();
    let codes = members.iter().map(code);
    quote! {
        const #order: [__spawn::usize; #count] = __spawn::sorted([#(#tags),*]);
        for #field in #order {
            match #field {
                #(#numbers => { #codes })*
                _ => {}
            }
        }
    }
}

/// What every message is, unless the user derives it: `Clone`, `Debug`, `Default`, `PartialEq`.
fn traits(item: &ItemStruct, members: &[Member<'_>]) -> TokenStream {
    let ident = &item.ident;
    let span = generated(ident.span());
    let fields = members.iter().map(|member| &member.field.ident);
    let mut traits = TokenStream::new();
    if !is_derived(&item.attrs, "Clone") {
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
    if !is_derived(&item.attrs, "Debug") {
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
    if !is_derived(&item.attrs, "Default") {
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
    if !is_derived(&item.attrs, "PartialEq") {
        // For clippy, a `Hash` that is derived contradicts a `PartialEq` that is not.
        let marker = is_derived(&item.attrs, "Hash")
            .then(|| quote_spanned!(span=> #[automatically_derived]));
        let equals = members.iter().map(|member| member.call("equal"));
        let other = local("other");
        let other = if members.is_empty() { quote!(_) } else { quote!(#other) };
        traits.extend(quote_spanned! {span=>
            #marker
            impl __spawn::PartialEq for #ident {
                fn eq(&self, #other: &Self) -> __spawn::bool {
                    true #(&& #equals(&self.#fields, &#other.#fields))*
                }
            }
        });
    }
    traits
}
