//! From the model to code. Printers decide nothing and cannot fail.
//!
//! Everything stands in one `const _`, so that nothing is added to the user's namespace, and refers to the library through one
//! `use`, so that a wrong path to it is one error. The code calls into `__private`, where the work is done.

mod clause;
mod client;
mod table;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::model::{Actor, Kind};
use crate::marker::EXPANDED;
use crate::util::generated;

/// `register` says whether the definition is whole, so that it can be told to the runtime.
pub(crate) fn generate(actor: &Actor, register: bool, hints: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    let krate = &actor.krate;
    let self_ty = &actor.self_ty;
    let expanded = syn::Ident::new(EXPANDED, span);
    let markers = actor.markers.iter().map(|path| quote!(#[#path(#expanded)] const _: () = ();));
    let client = client::generate(actor);
    let clauses = actor.actions.iter().enumerate().map(|(place, action)| {
        let client = client::name(actor);
        clause::generate(place, action, self_ty, &client)
    });
    let init = actor.init.as_ref().map(|init| clause::init(init, self_ty).0);
    let checks = clause::checks(actor);
    let implementation = implementation(actor);
    let registration = register.then(|| {
        quote_spanned!(span=> __spawn::inventory::submit!(__spawn::Registration::of::<#self_ty>());)
    });
    // The clauses of an action that should no longer be called still call it.
    let allow = actor.has_deprecated().then(|| quote_spanned!(span=> #[allow(deprecated)]));
    quote_spanned! {span=>
        #allow
        const _: () = {
            use #krate::__private as __spawn;
            use __spawn::probes::*;
            #(#markers)*
            #hints
            #client
            #(#clauses)*
            #init
            #checks
            #implementation
            #registration
        };
    }
}

/// `impl Actor for Shop`
fn implementation(actor: &Actor) -> TokenStream {
    let span = generated(actor.self_ty.span());
    let self_ty = &actor.self_ty;
    let client = client::name(actor);
    let kind = match actor.kind {
        Kind::Named | Kind::Pooled | Kind::Task => quote_spanned!(span=> __spawn::Named),
        Kind::Unnamed => quote_spanned!(span=> __spawn::Unnamed),
    };
    let table = table::generate(actor);
    quote_spanned! {span=>
        impl __spawn::Actor for #self_ty {
            type Client = #client;
            type Kind = #kind;
            const TABLE: &'static __spawn::Table<Self> = &#table;
            fn definition() -> &'static __spawn::Definition {
                static DEFINITION: __spawn::OnceLock<__spawn::Definition> = __spawn::OnceLock::new();
                DEFINITION.get_or_init(__spawn::Definition::of::<Self>)
            }
        }
    }
}
