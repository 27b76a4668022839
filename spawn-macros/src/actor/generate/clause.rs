//! A clause: how the runtime calls the method, and what the method can return.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::actor::model::{Action, Actor, Init, Method, Parameter, Route};
use crate::util::{generated, local};

pub(super) fn generate(
    place: usize,
    action: &Action,
    self_ty: &Type,
    client: &Ident,
) -> TokenStream {
    let clauses = action.clauses.iter().enumerate().map(|(number, clause)| {
        let method = &clause.method;
        let conditions = &method.conditions;
        let payload = clause.payload_ty();
        let returned = Returned::new(format_args!("{place}_{number}"), method);
        let alias = returned.alias(self_ty);
        let name = &returned.name;
        let handler = handler(&action.name, &returned, self_ty, clause.payload.is_some());
        let route = clause.route.as_ref().map(|it| route(it, &payload));
        let look = method.only_looks().then(|| look(&returned, self_ty, &payload));
        // At the payload: two clauses for one type are a conflict there.
        let span = clause.payload.as_ref().map_or(method.ident.span(), |it| it.ty.span());
        quote_spanned! {generated(span)=>
            #alias
            #(#conditions)*
            impl __spawn::Clause<#client, #place, #payload> for #self_ty {
                type Returned = #name;
                const HANDLER: __spawn::Handler<Self, #payload, __spawn::Response<#name>> = #handler;
                #route
                #look
            }
        }
    });
    clauses.collect()
}

/// From an event to the id of an instance. Everything that can be wrong with it is wrong at the user's tokens.
fn route(route: &Route, payload: &Type) -> TokenStream {
    let mut event = local("event");
    let id = match route {
        Route::Field(field) => {
            // One place for the whole expression, so that what is wrong with it is wrong at the field.
            event.set_span(field.span());
            quote_spanned!(field.span()=> __spawn::instance_of(&#event.#field))
        }
        Route::Closure(closure) => {
            quote_spanned!(closure.body.span()=> __spawn::instance_by(#event, #closure))
        }
    };
    let span = generated(payload.span());
    quote_spanned! {span=>
        const ROUTE: __spawn::Option<fn(&#payload) -> __spawn::String> = __spawn::Some(|#event| #id);
    }
}

/// The method as it is, for an event that is lent to it.
fn look(returned: &Returned<'_>, self_ty: &Type, payload: &Type) -> TokenStream {
    let Returned { name, method: Method { ident, .. }, .. } = returned;
    let span = generated(ident.span());
    let [state, event] = ["state", "event"].map(local);
    quote_spanned! {span=>
        const LOOK: __spawn::Option<__spawn::Look<Self, #payload, __spawn::Response<#name>>> =
            __spawn::Some(|#state, #event| <#name as __spawn::Returns>::outcome(<#self_ty>::#ident(#state, #event)));
    }
}

/// `#[init]`, which is called like a clause without a payload: what stands beside the table, and the handler in it.
pub(super) fn init(init: &Init, self_ty: &Type) -> (TokenStream, TokenStream) {
    let returned = Returned { is_init: true, ..Returned::new(format_args!("Init"), &init.method) };
    (returned.alias(self_ty), handler("init", &returned, self_ty, false))
}

/// Reports the types that cannot be returned, each where it stands. All in one constant, since each is a body to the compiler.
pub(super) fn checks(actor: &Actor) -> TokenStream {
    let self_ty = &actor.self_ty;
    let clauses = actor.actions.iter().flat_map(|action| &action.clauses);
    let clauses = clauses.map(|clause| check("assert_reply", &clause.method, self_ty));
    let init = actor.init.iter().map(|init| check("assert_init", &init.method, self_ty));
    let checks = clauses.chain(init);
    quote!(const _: () = { #(#checks)* };)
}

fn check(assertion: &str, method: &Method, self_ty: &Type) -> TokenStream {
    let Method { conditions, returns, .. } = method;
    let span = generated(returns.span());
    let assertion = Ident::new(assertion, span);
    quote_spanned! {span=>
        #(#conditions)*
        __spawn::#assertion::<
            #self_ty,
            #returns,
            { <__spawn::Shape<#returns>>::RESULT },
            { <__spawn::Shape<#returns>>::OPTION },
        >();
    }
}

/// What a method returns, under a name of its own.
struct Returned<'a> {
    name: Ident,
    method: &'a Method,
    /// Whether there is nobody to respond to.
    is_init: bool,
}

impl<'a> Returned<'a> {
    fn new(suffix: std::fmt::Arguments<'_>, method: &'a Method) -> Self {
        let name = Ident::new(&format!("__SpawnReturned{suffix}"), generated(method.ident.span()));
        Self { name, method, is_init: false }
    }

    fn alias(&self, self_ty: &Type) -> TokenStream {
        let Self { name, method: Method { conditions, returns, .. }, .. } = self;
        let span = generated(returns.span());
        quote_spanned!(span=> #(#conditions)* type #name = __spawn::returned!(#self_ty, #returns);)
    }
}

fn handler(
    name: &str,
    returned: &Returned<'_>,
    self_ty: &Type,
    takes_payload: bool,
) -> TokenStream {
    let span = generated(returned.method.ident.span());
    let mutates = returned.method.mutates;
    let run = run(returned, self_ty, takes_payload);
    let response = &returned.name;
    let codec = if returned.is_init {
        quote_spanned!(span=> __spawn::silent_codec())
    } else {
        quote_spanned!(span=> __spawn::codec::<#response>())
    };
    quote_spanned! {span=>
        __spawn::Handler { action: #name, mutates: #mutates, run: #run, codec: #codec }
    }
}

fn run(returned: &Returned<'_>, self_ty: &Type, takes_payload: bool) -> TokenStream {
    let Returned { name, method, .. } = returned;
    let span = generated(method.ident.span());
    let [state, context, payload, result] = ["state", "context", "payload", "result"].map(local);
    let lends = method.lent().next().is_some();
    let lender = if method.is_async { quote!(&#context) } else { quote!(#context) };
    let arguments = method.parameters.iter().map(|parameter| match parameter {
        Parameter::Payload => quote!(#payload),
        Parameter::BorrowedPayload => quote!(&#payload),
        Parameter::Lent(ty) => {
            let span = generated(ty.span());
            quote_spanned!(span=> <#ty as __spawn::Lend<{ <__spawn::Loan<#ty>>::RESOURCE }, { <__spawn::Loan<#ty>>::MESSAGE }>>::lend(#lender))
        }
    });
    let receiver = match (method.is_async, method.mutates) {
        (false, _) => quote!(#state),
        (true, true) => quote!(&mut #state),
        (true, false) => quote!(&#state),
    };
    let ident = &method.ident;
    let call = quote_spanned!(span=> <#self_ty>::#ident(#receiver #(, #arguments)*));
    let outcome = if returned.is_init {
        quote_spanned!(span=> __spawn::silent::<#name>)
    } else {
        quote_spanned!(span=> <#name as __spawn::Returns>::outcome)
    };
    let payload = if takes_payload { quote!(#payload) } else { quote!(()) };
    let context = if lends { quote!(#context) } else { quote!(_) };
    if method.is_async {
        let mutability = method.mutates.then(|| quote!(mut));
        quote_spanned! {span=>
            __spawn::Run::Async(|#mutability #state, #context, #payload| {
                __spawn::Ok(__spawn::Box::pin(async move {
                    let #result = #call.await;
                    (#state, #outcome(#result))
                }))
            })
        }
    } else if lends {
        quote_spanned!(span=> __spawn::Run::Lent(|#state, #context, #payload| #outcome(#call)))
    } else {
        quote_spanned!(span=> __spawn::Run::Plain(|#state, #payload| #outcome(#call)))
    }
}
