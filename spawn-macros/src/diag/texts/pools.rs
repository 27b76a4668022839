//! Actors of which any one of several members takes a message.

use proc_macro2::Ident;
use quote::ToTokens;

use crate::diag::Diagnostic;

/// `value` is that of `stateful`, or of `kind` where `stateful` is not written.
pub(crate) fn shared_state(value: impl ToTokens, kind: &str) -> Diagnostic {
    Diagnostic::over(
        value,
        format!(
            "a {kind} actor has no durable state\n\
             help: write `stateful = false`\n\
             note: any one of its members takes a message, so that none of them has the state"
        ),
    )
}

pub(crate) fn pool_shrinks(value: impl ToTokens, least: u32) -> Diagnostic {
    Diagnostic::over(
        value,
        format!("`max_pool_size` is less than `min_pool_size`\nhelp: write at least {least}"),
    )
}

pub(crate) fn not_a_pool(key: &Ident, kind: &str) -> Diagnostic {
    let hint = match kind {
        "task" => "help: leave it out; a task actor has no member that waits for work",
        _ => "help: write `kind = pooled, stateful = false`, or leave it out",
    };
    Diagnostic::at(key.span(), format!("`{key}` is for a pool, and the kind is `{kind}`\n{hint}"))
}

pub(crate) fn timer_of_pool(action: &Ident, kind: &str) -> Diagnostic {
    Diagnostic::at(
        action.span(),
        format!(
            "`{action}` has a timer, but a {kind} actor has no member that it could belong to\n\
             help: give the timer to a named actor, which calls this one"
        ),
    )
}
