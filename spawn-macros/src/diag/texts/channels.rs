//! Channel entries and broadcasts.

use proc_macro2::Literal;
use quote::ToTokens;

use super::{list, quoted};
use crate::diag::Diagnostic;
use crate::grammar;

const CHANNELS_EXAMPLE: &str = "channels = [(\"order.events\", handle_order)]";

pub(crate) fn channels_not_a_list(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(value, format!("`channels` is a list\nhelp: write `{CHANNELS_EXAMPLE}`"))
}

pub(crate) fn not_a_channel_entry(entry: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        entry,
        "a channel entry is `(\"channel\", handler)`\n\
         note: a channel alone, as in `\"order.events\"`, is handled by the action `receive`",
    )
}

pub(crate) fn bad_channel(literal: impl ToTokens, name: &str, fault: grammar::Fault) -> Diagnostic {
    let message = match fault {
        grammar::Fault::Empty => "a channel's name cannot be empty".to_owned(),
        fault => format!("the channel `{}` {fault}", quoted(name)),
    };
    let hint = match fault {
        grammar::Fault::StarInToken if name.contains("**") => {
            "\nhelp: `>` stands for all tokens that are left"
        }
        grammar::Fault::StarInToken => {
            "\nnote: `*` stands for one whole token, as in `user.*.created`"
        }
        grammar::Fault::RestNotLast => {
            "\nnote: `>` stands for all tokens that are left, as in `audit.>`"
        }
        grammar::Fault::Character { found: '#', .. } => {
            "\nhelp: `>` stands for all tokens that are left"
        }
        _ => "\nnote: a channel is dot-separated tokens, as in `order.events`",
    };
    Diagnostic::over(literal, format!("{message}{hint}"))
}

pub(crate) fn channel_given_twice(
    literal: impl ToTokens,
    channel: &str,
    handler: &str,
) -> Diagnostic {
    Diagnostic::over(literal, format!("`{handler}` is already subscribed to `{channel}`"))
}

/// What is known of the name that a channel entry has as its handler.
pub(crate) enum Handler<'a> {
    /// There is such a method, without the attribute.
    Method,
    /// There is such a method, but its action has another name.
    Renamed(&'a str),
    /// There is an action with a name that is near.
    Near(&'a str),
    /// There are actions, but none is near.
    None(Vec<&'a str>),
}

pub(crate) fn not_an_action(handler: impl ToTokens, name: &str, known: Handler<'_>) -> Diagnostic {
    let message = match known {
        Handler::Method => {
            format!("`{name}` is not an action\nhelp: add `#[action]` to `fn {name}`")
        }
        Handler::Renamed(action) => format!(
            "no action named `{name}` in this `#[actor]` block\n\
             help: the action of `fn {name}` is named `{action}`"
        ),
        Handler::Near(near) => format!(
            "no action named `{name}` in this `#[actor]` block\nhelp: did you mean `{near}`?"
        ),
        Handler::None(actions) if actions.is_empty() => format!(
            "no action named `{name}` in this `#[actor]` block\n\
             help: add `#[action] fn {name}(&mut self, event: Event) {{ .. }}`"
        ),
        Handler::None(actions) => format!(
            "no action named `{name}` in this `#[actor]` block\nnote: the actions are {}",
            list(actions),
        ),
    };
    Diagnostic::over(handler, message)
}

/// For an entry that is a channel alone.
pub(crate) fn no_receive(channel: &Literal) -> Diagnostic {
    Diagnostic::over(
        channel,
        format!(
            "no action named `receive` in this `#[actor]` block, which handles a channel that stands alone\n\
             help: add `#[action] fn receive(&mut self, event: Event) {{ .. }}`, or name a handler: `({channel}, handle_order)`"
        ),
    )
}

pub(crate) fn handler_takes_no_event(handler: impl ToTokens, name: &str) -> Diagnostic {
    Diagnostic::over(
        handler,
        format!(
            "`{name}` takes no event\n\
             help: give it a parameter: `event: OrderCreated`, or `event: Event` for every type"
        ),
    )
}

pub(crate) fn handler_is_a_path(handler: impl ToTokens, name: &str) -> Diagnostic {
    Diagnostic::over(handler, format!("a handler is the name of an action\nhelp: write `{name}`"))
}
