//! An enum with data.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ItemEnum;

use super::is_derived;
use super::member::{self, Member, description};
use crate::message::model::{Field, Form};
use crate::util::{arguments::plain, generated, local};

pub(super) fn generate(item: &ItemEnum, variants: &[Field]) -> TokenStream {
    let ident = &item.ident;
    let span = generated(ident.span());
    let members = member::all(variants);
    let declarations = members.iter().map(Member::declare);
    let description = description(ident, &members);
    let encoding = encoding(ident, &members);
    let traits = traits(item, &members);
    let names = variants.iter().map(|Field { ident, tag, .. }| {
        let name = plain(ident);
        quote!((#name, #tag))
    });
    quote_spanned! {span=>
        #(#declarations)*
        impl __spawn::Oneof for #ident {
            const VARIANTS: __spawn::Variants = &[#(#names),*];
        }
        #description
        #encoding
        #traits
    }
}

/// The pattern of a variant, with a name for what it holds.
fn pattern(Field { ident, form, .. }: &Field, held: &Ident) -> TokenStream {
    match form {
        Form::Unit => quote!(Self::#ident),
        // Such a program does not compile.
        Form::Unknown => quote!(Self::#ident { .. }),
        _ => quote!(Self::#ident(#held)),
    }
}

/// A variant that holds `value`.
fn variant(Field { ident, form, .. }: &Field, value: &TokenStream) -> TokenStream {
    match form {
        Form::Unit => quote!(Self::#ident),
        Form::Unknown => quote!(__spawn::reported()),
        _ => quote!(Self::#ident(#value)),
    }
}

/// A reference to what a variant holds.
fn held(Field { form, .. }: &Field, held: &Ident) -> TokenStream {
    match form {
        Form::Unit | Form::Unknown => quote!(&()),
        _ => quote!(#held),
    }
}

/// `impl prost::Message`
fn encoding(ident: &Ident, members: &[Member<'_>]) -> TokenStream {
    let span = generated(ident.span());
    let [buffer, tag, wire, context, error, value] =
        ["buffer", "tag", "wire", "context", "error", "value"].map(local);
    let type_name = plain(ident);
    let patterns = members.iter().map(|it| pattern(it.field, &value)).collect::<Vec<_>>();
    let helds = members.iter().map(|it| held(it.field, &value)).collect::<Vec<_>>();
    let tags = members.iter().map(|it| it.field.tag).collect::<Vec<_>>();
    let encodes = members.iter().map(|it| it.call("encode"));
    let lengths = members.iter().map(|it| it.call("length"));
    let merge = members.iter().map(|member| {
        let Field { ident, tag: variant_tag, form, .. } = member.field;
        let [merge, absent] = ["merge", "default"].map(|method| member.call(method));
        let label = plain(ident);
        let in_field = quote_spanned! {span=>
            .map_err(|#error| __spawn::in_field(#error, #type_name, #label))
        };
        let made = variant(member.field, &quote!(#value));
        // What is there already is added to, as every message is.
        let present = (*form == Form::Variant).then(|| {
            quote_spanned! {span=>
                if let Self::#ident(#value) = self {
                    return #merge(#value, #tag, #wire, #buffer, #context) #in_field;
                }
            }
        });
        quote_spanned! {span=>
            #variant_tag => {
                #present
                let mut #value = #absent();
                #merge(&mut #value, #tag, #wire, #buffer, #context) #in_field?;
                *self = #made;
                __spawn::Ok(())
            }
        }
    });
    quote_spanned! {span=>
        impl __spawn::prost::Message for #ident {
            fn encode_raw(&self, #buffer: &mut impl __spawn::BufMut) {
                match self {
                    #(#patterns => #encodes(#helds, #tags, #buffer),)*
                }
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
                    _ => __spawn::Err(__spawn::in_field(__spawn::unknown_variant(), #type_name, "?")),
                }
            }

            fn encoded_len(&self) -> __spawn::usize {
                match self {
                    #(#patterns => #lengths(#helds, #tags),)*
                }
            }

            fn clear(&mut self) {
                *self = __spawn::Default::default();
            }
        }
    }
}

/// What every message is, unless the user derives it: `Clone`, `Debug`, `Default`, `PartialEq`.
fn traits(item: &ItemEnum, members: &[Member<'_>]) -> TokenStream {
    let ident = &item.ident;
    let span = generated(ident.span());
    let [value, other, formatter] = ["value", "other", "formatter"].map(local);
    let patterns = members.iter().map(|it| pattern(it.field, &value)).collect::<Vec<_>>();
    let helds = members.iter().map(|it| held(it.field, &value)).collect::<Vec<_>>();
    let mut traits = TokenStream::new();
    if !is_derived(&item.attrs, "Clone") {
        let clones = members.iter().map(|member| {
            let clone = member.call("clone");
            variant(member.field, &quote!(#clone(#value)))
        });
        traits.extend(quote_spanned! {span=>
            impl __spawn::Clone for #ident {
                fn clone(&self) -> Self {
                    match self { #(#patterns => #clones,)* }
                }
            }
        });
    }
    if !is_derived(&item.attrs, "Debug") {
        let debugs = members.iter().zip(&helds).map(|(member, held)| {
            let (name, debug) = (plain(&member.field.ident), member.call("debug"));
            if member.field.form == Form::Variant {
                quote_spanned!(span=> #formatter.debug_tuple(#name).field(#debug(#held)).finish())
            } else {
                quote_spanned!(span=> #formatter.write_str(#name))
            }
        });
        traits.extend(quote_spanned! {span=>
            impl __spawn::Debug for #ident {
                fn fmt(&self, #formatter: &mut __spawn::fmt::Formatter<'_>) -> __spawn::fmt::Result {
                    match self { #(#patterns => #debugs,)* }
                }
            }
        });
    }
    if !is_derived(&item.attrs, "Default")
        && let Some(first) = members.first()
    {
        let absent = first.call("default");
        let first = variant(first.field, &quote!(#absent()));
        traits.extend(quote_spanned! {span=>
            impl __spawn::Default for #ident {
                fn default() -> Self {
                    #first
                }
            }
        });
    }
    if !is_derived(&item.attrs, "PartialEq") {
        // For clippy, a `Hash` that is derived contradicts a `PartialEq` that is not.
        let marker = is_derived(&item.attrs, "Hash")
            .then(|| quote_spanned!(span=> #[automatically_derived]));
        let arms = members.iter().map(|member| {
            let [left, right] = [&value, &other].map(|it| pattern(member.field, it));
            let [held, other_held] = [&value, &other].map(|it| held(member.field, it));
            let equal = member.call("equal");
            quote_spanned!(span=> (#left, #right) => #equal(#held, #other_held),)
        });
        traits.extend(quote_spanned! {span=>
            #marker
            impl __spawn::PartialEq for #ident {
                fn eq(&self, #other: &Self) -> __spawn::bool {
                    match (self, #other) {
                        #(#arms)*
                        _ => false,
                    }
                }
            }
        });
    }
    traits
}
