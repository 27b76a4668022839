//! Which instance gets an event, and how instances that are passive get theirs.

use proc_macro2::Ident;
use quote::ToTokens;

use crate::diag::Diagnostic;

pub(crate) fn bad_route(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        value,
        "`route` is a field of the event, or a closure over it\n\
         help: write `route = order_id`, or `route = |event| event.order.id.clone()`",
    )
}

pub(crate) fn route_of_one(action: &Ident, is_pool: bool) -> Diagnostic {
    let instances = if is_pool {
        "any one of its members takes an event"
    } else {
        "the actor has one instance only"
    };
    Diagnostic::at(
        action.span(),
        format!(
            "`{action}` has a route, but {instances}\n\
             help: leave `route` out, or write `kind = unnamed` in `#[actor]`"
        ),
    )
}

pub(crate) fn route_without_event(action: &Ident) -> Diagnostic {
    Diagnostic::at(
        action.span(),
        format!(
            "`{action}` has a route, but takes no event\n\
             help: give it the event as a parameter, as in `fn {action}(&mut self, event: OrderPaid)`"
        ),
    )
}

pub(crate) fn route_without_channel(method: &Ident, action: &str) -> Diagnostic {
    Diagnostic::at(
        method.span(),
        format!(
            "`{method}` has a route, but no channel is handled by `{action}`\n\
             help: add an entry as in `channels = [(\"order.events\", {action})]`, or leave `route` out"
        ),
    )
}

pub(crate) fn route_missing(method: &Ident, routed: &Ident) -> Diagnostic {
    Diagnostic::at(
        method.span(),
        format!(
            "`{method}` has no route, but `{routed}` has one\n\
             note: either every action that handles a channel of this actor has a route, or none\n\
             help: write `#[action(route = ..)]` here as well"
        ),
    )
}

pub(crate) fn bad_from(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        value,
        "`from` is `start` or `now`\n\
         help: write `from = start` to begin with the oldest event that is kept; without it, a new subscription begins with the next event",
    )
}

pub(crate) fn bad_wake(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        value,
        "`wake` is `eager` or `lazy`\n\
         help: write `wake = eager` to activate passive instances for an event; without it, they catch up before their next message",
    )
}

pub(crate) fn wake_of_few(key: &Ident) -> Diagnostic {
    Diagnostic::at(
        key.span(),
        "`wake` is for an unnamed actor without routes, whose instances may be passive when an event comes\n\
         help: leave it out: this actor is always activated for its events",
    )
}

pub(crate) fn retry_not_a_group(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        value,
        "`retry` is a list in braces\n\
         help: write `retry = { attempts = 5, backoff = \"100ms\", max_backoff = \"30s\" }`",
    )
}

pub(crate) fn tags_not_a_group(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        value,
        "`tags` is a list in braces\n\
         help: write `tags = { region = \"eu\", tier = \"gold\" }`",
    )
}

pub(crate) fn backoff_shrinks(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        value,
        "`max_backoff` is shorter than `backoff`, the first pause\nhelp: give it at least that length",
    )
}

pub(crate) fn saves_nothing(key: &Ident) -> Diagnostic {
    let says = if key == "revisions" {
        "how many saved states are kept"
    } else {
        "how often a state is saved"
    };
    Diagnostic::at(
        key.span(),
        format!(
            "`{key}` says {says}, but this actor is `stateful = false`\nhelp: leave one of the two out"
        ),
    )
}
