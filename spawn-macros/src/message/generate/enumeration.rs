//! An enum without data.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::ItemEnum;

use super::is_derived;
use crate::message::model::Variant;
use crate::util::{generated, local};

pub(super) fn generate(item: &ItemEnum, variants: &[Variant]) -> TokenStream {
    let ident = &item.ident;
    let span = generated(ident.span());
    let zero = variants.iter().find(|variant| variant.value == Some(0)).or(variants.first());
    // Without a variant there is nothing to default to, and a diagnostic that says so.
    let Some(Variant { ident: zero, .. }) = zero else { return TokenStream::new() };
    // One that the user derives was reported.
    let default = (!is_derived(&item.attrs, "Default")).then(|| {
        quote_spanned! {span=>
            impl __spawn::Default for #ident {
                fn default() -> Self {
                    Self::#zero
                }
            }
        }
    });
    let to = variants.iter().map(|Variant { ident: variant, value }| {
        let value = value.unwrap_or(0);
        quote_spanned!(span=> Self::#variant => #value,)
    });
    let from = variants.iter().filter_map(|Variant { ident: variant, value }| {
        value.map(|value| quote_spanned!(span=> #value => __spawn::Some(Self::#variant),))
    });
    let number = local("number");
    quote_spanned! {span=>
        #default

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
