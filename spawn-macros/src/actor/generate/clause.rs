//! A clause: how the runtime calls the method, and what the method can return.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::actor::model::{Action, Init, Method, Parameter};
use crate::util::{generated, local};

pub(super) fn generate(place: usize, action: &Action, self_ty: &Type, client: &Ident) -> TokenStream {
    let clauses = action.clauses.iter().map(|clause| {
        let method = &clause.method;
        let conditions = &method.conditions;
        let payload = clause.payload_ty();
        let returned = returned(method, self_ty);
        let handler = handler(&action.name, method, self_ty, clause.payload.is_some());
        // At the payload: two clauses for one type are a conflict there.
        let span = clause.payload.as_ref().map_or(method.ident.span(), |it| it.ty.span());
        quote_spanned! {generated(span)=>
            #(#conditions)*
            impl __spawn::Clause<#client, #place, #payload> for #self_ty {
                type Returned = #returned;
                const HANDLER: __spawn::Handler<Self, #payload, __spawn::Response<Self::Returned>> = #handler;
            }
        }
    });
    clauses.collect()
}

/// `#[init]`, which is called like a clause without a payload.
pub(super) fn init(init: &Init, self_ty: &Type) -> TokenStream {
    handler("init", &init.method, self_ty, false)
}

/// What the method returns, with the shape that the type turns out to have.
fn returned(method: &Method, self_ty: &Type) -> TokenStream {
    let ty = &method.returns;
    let span = generated(ty.span());
    quote_spanned! {span=>
        __spawn::Returned<
            #self_ty,
            #ty,
            { <__spawn::Shape<#ty>>::RESULT },
            { <__spawn::Shape<<#ty as __spawn::Peel<{ <__spawn::Shape<#ty>>::RESULT }>>::Inner>>::OPTION },
        >
    }
}

fn handler(name: &str, method: &Method, self_ty: &Type, takes_payload: bool) -> TokenStream {
    let span = generated(method.ident.span());
    let mutates = method.mutates;
    let run = run(method, self_ty, takes_payload);
    quote_spanned!(span=> __spawn::Handler { action: #name, mutates: #mutates, run: #run })
}

fn run(method: &Method, self_ty: &Type, takes_payload: bool) -> TokenStream {
    let span = generated(method.ident.span());
    let [state, context, payload, result] = ["state", "context", "payload", "result"].map(local);
    let lends = method.lent().next().is_some();
    let lender = if method.is_async { quote!(&#context) } else { quote!(#context) };
    let arguments = method.parameters.iter().map(|parameter| match parameter {
        Parameter::Payload => quote!(#payload),
        Parameter::Lent(ty) => {
            let span = generated(ty.span());
            quote_spanned!(span=> <#ty as __spawn::Lend<{ <__spawn::Loan<#ty>>::RESOURCE }>>::lend(#lender))
        }
    });
    let receiver = match (method.is_async, method.mutates) {
        (false, _) => quote!(#state),
        (true, true) => quote!(&mut #state),
        (true, false) => quote!(&#state),
    };
    let ident = &method.ident;
    let call = quote_spanned!(span=> <#self_ty>::#ident(#receiver #(, #arguments)*));
    let returned = returned(method, self_ty);
    let outcome = quote_spanned!(span=> <#returned as __spawn::Returns>::outcome);
    let payload = if takes_payload { quote!(#payload) } else { quote!(()) };
    let context = if lends { quote!(#context) } else { quote!(_) };
    if method.is_async {
        let mutability = method.mutates.then(|| quote!(mut));
        quote_spanned! {span=>
            __spawn::Run::Async(|#mutability #state, #context, #payload| {
                __spawn::Box::pin(async move {
                    let #result = #call.await;
                    (#state, #outcome(#result))
                })
            })
        }
    } else if lends {
        quote_spanned!(span=> __spawn::Run::Lent(|#state, #context, #payload| #outcome(#call)))
    } else {
        quote_spanned!(span=> __spawn::Run::Plain(|#state, #payload| #outcome(#call)))
    }
}
