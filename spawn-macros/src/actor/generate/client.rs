//! The typed client: one method for each method that is an action.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::actor::model::{Actor, Clause};
use crate::util::{generated, local, respelled, ungroup};

/// `ShopClient`
pub(super) fn name(actor: &Actor) -> Ident {
    let span = generated(actor.self_ty.span());
    match ungroup(&actor.self_ty) {
        Type::Path(path) => match path.path.segments.last() {
            Some(segment) => format_ident!("{}Client", segment.ident, span = span),
            None => Ident::new("Client", span),
        },
        _ => Ident::new("Client", span),
    }
}

pub(super) fn generate(actor: &Actor) -> TokenStream {
    let span = generated(actor.self_ty.span());
    let client = name(actor);
    let self_ty = &actor.self_ty;
    let documentation = format!("The client of the actor `{}`.", actor.name);
    let methods = actor.actions.iter().enumerate().flat_map(|(place, action)| {
        action.clauses.iter().map(move |clause| method(place, clause, self_ty))
    });
    quote_spanned! {span=>
        #[doc = #documentation]
        pub struct #client(__spawn::ActorRef<#self_ty>);
        impl #client { #(#methods)* }
        __spawn::client!(#client, #self_ty);
    }
}

fn method(place: usize, clause: &Clause, self_ty: &Type) -> TokenStream {
    let ident = &clause.method.ident;
    let span = generated(ident.span());
    let name = respelled(ident);
    let attributes = &clause.attributes;
    let visibility = &clause.visibility;
    let ty = clause.payload_ty();
    let parameter = clause
        .payload
        .as_ref()
        .map(|payload| payload.name.as_ref().map_or_else(|| local("payload"), respelled));
    let payload = parameter
        .as_ref()
        .map_or_else(|| quote_spanned!(span=> ()), |name| quote_spanned!(span=> #name));
    let parameter = parameter.map(|name| quote_spanned!(span=> #name: #ty));
    quote_spanned! {span=>
        #(#attributes)*
        #visibility fn #name(&self, #parameter)
            -> __spawn::Call<#self_ty, #ty, __spawn::Response<<#self_ty as __spawn::Clause<Self, #place, #ty>>::Returned>>
        {
            self.0.call::<Self, #place, #ty>(#payload)
        }
    }
}
