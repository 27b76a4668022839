//! Where `#[actor]` stands, its methods, and `#[init]`.

use proc_macro2::{Ident, Span};
use quote::ToTokens;

use super::quoted;
use crate::diag::Diagnostic;

/// `ty` is the type that probably is to be an actor.
pub(crate) fn actor_on_other_item(keyword: impl ToTokens, what: &str, ty: &str) -> Diagnostic {
    Diagnostic::over(
        keyword,
        format!(
            "`#[actor]` goes on an `impl` block, not on {what}\n\
             help: write `#[actor] impl {ty} {{ .. }}`, with the actions as methods"
        ),
    )
}

pub(crate) fn actor_on_trait_impl(path: impl ToTokens, self_ty: &str) -> Diagnostic {
    Diagnostic::over(
        path,
        format!(
            "`#[actor]` goes on an inherent `impl`, not on that of a trait\n\
             help: write `impl {self_ty} {{ .. }}`"
        ),
    )
}

pub(crate) fn actor_is_generic(generics: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        generics,
        "an actor is one concrete type, so its `impl` has no generic parameters\n\
         help: write the type that is meant, as in `impl Shop<Order>`",
    )
}

pub(crate) fn actor_given_twice(path: impl ToTokens) -> Diagnostic {
    Diagnostic::over(path, "`#[actor]` is given twice")
}

pub(crate) fn helper_on_other_item(attribute: impl ToTokens, name: &str) -> Diagnostic {
    Diagnostic::over(attribute, format!("`#[{name}]` goes on a method"))
}

pub(crate) fn helper_given_twice(attribute: impl ToTokens, name: &str) -> Diagnostic {
    Diagnostic::over(attribute, format!("`#[{name}]` is given twice"))
}

pub(crate) fn action_and_init(attribute: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        attribute,
        "an action cannot be `#[init]`\n\
         help: use two methods; `#[init]` runs at each activation and cannot be called",
    )
}

pub(crate) fn no_receiver(ident: &Ident, what: &str) -> Diagnostic {
    Diagnostic::at(
        ident.span(),
        format!(
            "{what} takes `&self` or `&mut self`\n\
             help: write `fn {ident}(&mut self, ..)`, or take the attribute away"
        ),
    )
}

pub(crate) fn owned_receiver(receiver: impl ToTokens, what: &str) -> Diagnostic {
    Diagnostic::over(
        receiver,
        format!(
            "{what} takes `&self` or `&mut self`\n\
             help: write `&mut self`\n\
             note: the state belongs to the runtime, which lends it to the method"
        ),
    )
}

pub(crate) fn second_payload(parameter: impl ToTokens, first: &str) -> Diagnostic {
    Diagnostic::over(
        parameter,
        format!(
            "an action takes one payload, and `{first}` is it\n\
             help: put both in one message\n\
             note: what is taken by reference is lent by the runtime: `&Context`, or a resource"
        ),
    )
}

pub(crate) fn mutable_loan(parameter: impl ToTokens, inner: &str) -> Diagnostic {
    Diagnostic::over(parameter, format!("what the runtime lends is shared\nhelp: write `&{inner}`"))
}

pub(crate) fn unsized_loan(parameter: impl ToTokens, owned: &str) -> Diagnostic {
    Diagnostic::over(
        parameter,
        format!(
            "a parameter by reference is a resource, and this is none\n\
             help: write `{owned}`"
        ),
    )
}

pub(crate) fn second_loan(parameter: impl ToTokens, ty: &str) -> Diagnostic {
    Diagnostic::over(parameter, format!("`{ty}` is lent already\nhelp: take one of the two away"))
}

pub(crate) fn loan_with_lifetime(parameter: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        parameter,
        "what the runtime lends has no lifetime of its own\nhelp: take the lifetime away",
    )
}

pub(crate) fn generic_action(tokens: impl ToTokens, what: &str) -> Diagnostic {
    Diagnostic::over(
        tokens,
        format!(
            "{what} has no generic parameters\n\
             note: the dispatch table is built when the program is compiled"
        ),
    )
}

pub(crate) fn impl_trait_in_action(tokens: impl ToTokens, what: &str) -> Diagnostic {
    Diagnostic::over(
        tokens,
        format!(
            "{what} is called with a concrete type, and returns one\n\
             note: the dispatch table is built when the program is compiled"
        ),
    )
}

pub(crate) fn never_response(tokens: impl ToTokens, what: &str) -> Diagnostic {
    Diagnostic::over(
        tokens,
        format!("{what} returns, so that the next message can be handled\nhelp: take the `!` away"),
    )
}

pub(crate) fn borrowed_response(tokens: impl ToTokens, owned: &str) -> Diagnostic {
    Diagnostic::over(
        tokens,
        format!("a response leaves the actor, so it is owned\nhelp: write `{owned}`"),
    )
}

pub(crate) fn qualified_action(tokens: impl ToTokens, what: &str, qualifier: &str) -> Diagnostic {
    Diagnostic::over(
        tokens,
        format!(
            "{what} cannot be `{qualifier}`\nhelp: take `{qualifier}` away; the runtime calls it"
        ),
    )
}

pub(crate) fn timer_with_payload(payload: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        payload,
        "the runtime calls an action with a timer, and has no payload for it\n\
         help: make two actions of it, one with the timer and one with the payload",
    )
}

pub(crate) fn timer_with_route(action: &Ident) -> Diagnostic {
    Diagnostic::at(
        action.span(),
        format!(
            "`{action}` has a timer and a route, but a timer has no event\nhelp: leave one of the two out"
        ),
    )
}

pub(crate) fn reserved_action(span: Span, name: &str) -> Diagnostic {
    Diagnostic::at(
        span,
        format!(
            "every actor has the action `{name}` already, which gives its state\nhelp: choose another name"
        ),
    )
}

pub(crate) fn bad_action_name(value: impl ToTokens, name: &str) -> Diagnostic {
    let message = if name.is_empty() {
        "an action's name cannot be empty".to_owned()
    } else {
        format!("`{}` is not the name of an action", quoted(name))
    };
    Diagnostic::over(value, format!("{message}\nhelp: write `name = \"create_order\"`"))
}

pub(crate) fn duplicate_clause(
    ty: impl ToTokens,
    action: &str,
    payload: &str,
    first: &Ident,
) -> Diagnostic {
    Diagnostic::over(
        ty,
        format!("`{action}` already has a clause {payload}\nnote: the first one is `fn {first}`"),
    )
}

pub(crate) fn hides_client_method(span: Span, name: &str) -> Diagnostic {
    Diagnostic::at(
        span,
        format!(
            "the client of an actor has a method `{name}` already\nhelp: choose another name for this method"
        ),
    )
}

pub(crate) fn second_init(attribute: impl ToTokens, first: &Ident) -> Diagnostic {
    Diagnostic::over(
        attribute,
        format!("an actor has one `#[init]`\nnote: the first one is on `fn {first}`"),
    )
}

pub(crate) fn init_with_payload(parameter: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        parameter,
        "`#[init]` takes no payload, since nobody calls it\n\
         note: it may take `&Context`, and resources by reference",
    )
}

pub(crate) fn init_as_handler(handler: impl ToTokens, name: &str) -> Diagnostic {
    Diagnostic::over(
        handler,
        format!(
            "`{name}` is `#[init]`, which is no action\nhelp: use another method, with `#[action]`"
        ),
    )
}
