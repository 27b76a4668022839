//! The words of every diagnostic.

use proc_macro2::{Ident, Punct, Span, TokenTree};
use quote::ToTokens;

use super::Diagnostic;
use crate::grammar;
use crate::util::arguments::Accepts;
use crate::util::duration;

/// `a`, `b` and `c`.
fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

// The macros themselves.

pub(crate) fn internal() -> Diagnostic {
    Diagnostic::at(
        Span::call_site(),
        "the macro failed; this is a mistake in `spawn`, please report it with the code around it",
    )
}

pub(crate) fn outside_of_actor(name: &str) -> Diagnostic {
    Diagnostic::at(
        Span::call_site(),
        format!(
            "`#[{name}]` has no effect outside of an `#[actor]` impl\n\
             help: put `#[actor]` on the `impl` block around this method"
        ),
    )
}

// Where `#[actor]` stands.

pub(crate) fn actor_on_other_item(keyword: impl ToTokens, what: &str) -> Diagnostic {
    Diagnostic::over(
        keyword,
        format!(
            "`#[actor]` goes on an `impl` block, not on {what}\n\
             help: write `#[actor] impl Shop {{ .. }}`, with the actions as methods"
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

// Arguments of any attribute.

pub(crate) fn given_twice(key: &Ident) -> Diagnostic {
    Diagnostic::at(key.span(), format!("`{key}` is given twice"))
}

pub(crate) fn unknown_key(key: &Ident, accepts: &Accepts) -> Diagnostic {
    if accepts.keys.is_empty() {
        return Diagnostic::at(key.span(), format!("{} takes no arguments", accepts.place));
    }
    let hint = match (key.to_string().as_str(), accepts.nearest(&key.to_string())) {
        ("state_type", _) => {
            "help: the struct is the state; leave it out, or write `stateful = false`".to_owned()
        }
        ("snapshot_interval", _) => {
            "help: a reply means that the state is saved; leave it out".to_owned()
        }
        (_, Some(near)) => format!("help: did you mean `{near}`?"),
        (_, None) => {
            let mut keys: Vec<_> = accepts.keys.iter().map(|(known, _)| *known).collect();
            keys.sort_unstable();
            format!("note: the keys are {}", list(keys))
        }
    };
    Diagnostic::at(key.span(), format!("unknown key `{key}` in {}\n{hint}", accepts.place))
}

pub(crate) fn needs_value(key: &Ident, example: &str) -> Diagnostic {
    Diagnostic::at(key.span(), format!("`{key}` needs a value\nhelp: write `{example}`"))
}

pub(crate) fn colon_after_key(key: &Ident, colon: &Punct, example: &str) -> Diagnostic {
    Diagnostic::at(
        colon.span(),
        format!(
            "a key and its value are separated by `=`\nhelp: write `{key} = ..`, as in `{example}`"
        ),
    )
}

pub(crate) fn not_an_argument(token: &TokenTree, place: &str, keys: &[(&str, &str)]) -> Diagnostic {
    let hint = match (token, keys.first()) {
        (TokenTree::Literal(literal), Some((key, _))) => format!("help: write `{key} = {literal}`"),
        (_, Some((_, example))) => format!("help: an argument is written as in `{example}`"),
        (_, None) => "help: leave it out".to_owned(),
    };
    Diagnostic::over(token, format!("an argument of {place} starts with its key\n{hint}"))
}

pub(crate) fn empty_argument(span: Span, place: &str) -> Diagnostic {
    Diagnostic::at(span, format!("{place} has an empty argument\nhelp: take the extra comma away"))
}

// Values.

pub(crate) fn not_a_string(value: impl ToTokens, key: &str, example: &str) -> Diagnostic {
    Diagnostic::over(value, format!("`{key}` is a string\nhelp: write `{key} = \"{example}\"`"))
}

pub(crate) fn not_a_bool(value: impl ToTokens, key: &str) -> Diagnostic {
    Diagnostic::over(
        value,
        format!("`{key}` is `true` or `false`\nhelp: write `{key} = false`, without quotes"),
    )
}

pub(crate) fn not_a_count(value: impl ToTokens, key: &str) -> Diagnostic {
    Diagnostic::over(value, format!("`{key}` is a whole number from 1 to {}", u32::MAX))
}

pub(crate) fn not_a_path(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        value,
        "`crate` is the path of this library\nhelp: write `crate = my_name_for_spawn`",
    )
}

pub(crate) fn not_a_duration(value: impl ToTokens, key: &str) -> Diagnostic {
    let written = value.to_token_stream().to_string();
    let quoted = duration::parse(&written).map_or_else(|_| "30s".to_owned(), |_| written);
    Diagnostic::over(
        value,
        format!(
            "`{key}` is a duration\nhelp: write `{key} = \"{quoted}\"`, or a number of milliseconds"
        ),
    )
}

pub(crate) fn bad_duration(
    value: impl ToTokens,
    text: &str,
    fault: &duration::Fault,
) -> Diagnostic {
    let message = match fault {
        duration::Fault::NoNumber => {
            format!("the duration `{text}` does not start with a number\nhelp: write `\"30s\"`")
        }
        duration::Fault::NoUnit => format!(
            "the duration `{text}` has no unit\n\
             help: write `\"{text}s\"`, or `{text}` without quotes for milliseconds"
        ),
        duration::Fault::Unit(unit) => format!(
            "the duration `{text}` has the unknown unit `{unit}`\nnote: the units are {}",
            list(duration::UNITS.iter().map(|(name, _)| *name)),
        ),
        duration::Fault::TooLong => {
            format!("the duration `{text}` is too long\nnote: the longest is about 100 years")
        }
    };
    Diagnostic::over(value, message)
}

pub(crate) fn zero_duration(value: impl ToTokens, key: &str) -> Diagnostic {
    Diagnostic::over(value, format!("`{key}` cannot be zero\nhelp: write `{key} = \"30s\"`"))
}

pub(crate) fn bad_actor_name(
    value: impl ToTokens,
    name: &str,
    fault: grammar::Fault,
) -> Diagnostic {
    let message = match fault {
        grammar::Fault::Empty => "an actor's name cannot be empty".to_owned(),
        fault => format!("the actor name `{name}` {fault}"),
    };
    Diagnostic::over(value, format!("{message}\nhelp: write `name = \"order_processor\"`"))
}

pub(crate) fn unknown_kind(value: impl ToTokens, near: Option<&str>) -> Diagnostic {
    let written = value.to_token_stream().to_string();
    let bare = written.trim_matches(['"', ':', ' ']);
    let message = match near {
        Some(near) if near == bare => {
            format!("`kind` is a name\nhelp: write `kind = {near}`, without quotes or colon")
        }
        Some(near) => format!("unknown kind `{bare}`\nhelp: did you mean `{near}`?"),
        None => format!("unknown kind `{bare}`\nnote: the kinds are `named`, `unnamed`"),
    };
    Diagnostic::over(value, message)
}

// Channels.

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
        fault => format!("the channel `{name}` {fault}"),
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

// Methods.

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

pub(crate) fn no_receiver(ident: &Ident) -> Diagnostic {
    Diagnostic::at(
        ident.span(),
        format!(
            "an action takes `&self` or `&mut self`\n\
             help: write `fn {ident}(&mut self, ..)`, or take the attribute away"
        ),
    )
}

pub(crate) fn owned_receiver(receiver: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        receiver,
        "an action takes `&self` or `&mut self`\n\
         help: write `&mut self`\n\
         note: the state belongs to the runtime, which lends it to the action",
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

pub(crate) fn loan_with_lifetime(parameter: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        parameter,
        "what the runtime lends has no lifetime of its own\nhelp: take the lifetime away",
    )
}

pub(crate) fn generic_action(tokens: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        tokens,
        "an action has no generic parameters\nnote: the dispatch table is built when the program is compiled",
    )
}

pub(crate) fn impl_trait_in_action(tokens: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        tokens,
        "an action is called with a concrete type, and returns one\n\
         note: the dispatch table is built when the program is compiled",
    )
}

pub(crate) fn borrowed_response(tokens: impl ToTokens, owned: &str) -> Diagnostic {
    Diagnostic::over(
        tokens,
        format!("a response leaves the actor, so it is owned\nhelp: write `{owned}`"),
    )
}

pub(crate) fn qualified_action(tokens: impl ToTokens, qualifier: &str) -> Diagnostic {
    Diagnostic::over(tokens, format!("an action cannot be `{qualifier}`"))
}

pub(crate) fn parameter_pattern(tokens: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        tokens,
        "a variadic parameter cannot be sent\nhelp: put the values in one message",
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
        format!("`{name}` is not the name of an action")
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
        format!(
            "`{action}` already has a clause for {payload}\nnote: the first one is `fn {first}`"
        ),
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

// `#[init]`.

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

// Messages.

pub(crate) fn message_on_other_item(keyword: impl ToTokens, what: &str) -> Diagnostic {
    Diagnostic::over(keyword, format!("`#[message]` goes on a struct or an enum, not on {what}"))
}

pub(crate) fn message_without_name(ident: &Ident) -> Diagnostic {
    Diagnostic::at(
        ident.span(),
        format!("a message has a name\nhelp: write `#[message(name = \"my_package.{ident}\")]`"),
    )
}

pub(crate) fn bad_message_name(value: impl ToTokens, name: &str, why: &str) -> Diagnostic {
    let message = if name.is_empty() {
        "a message's name cannot be empty".to_owned()
    } else {
        format!("the message name `{name}` {why}")
    };
    Diagnostic::over(value, format!("{message}\nhelp: write `name = \"shop.OrderCreated\"`"))
}

pub(crate) fn message_is_generic(generics: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        generics,
        "a message is one concrete type, so it has no generic parameters\n\
         help: write a struct for each type that is meant",
    )
}

pub(crate) fn message_is_a_tuple(fields: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        fields,
        "the fields of a message have names\nhelp: write `struct Order { id: String, .. }`",
    )
}

pub(crate) fn enum_with_data(fields: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        fields,
        "the variants of an enumeration have no data\n\
         help: use a struct with an `Option` field for each, or leave the data away",
    )
}

pub(crate) fn enum_is_empty(ident: &Ident) -> Diagnostic {
    Diagnostic::at(
        ident.span(),
        "an enumeration has at least one variant, which is its default\nhelp: add one, as in `Unspecified`",
    )
}

pub(crate) fn enum_without_zero(variant: &Ident) -> Diagnostic {
    Diagnostic::at(
        variant.span(),
        "no variant of the enumeration is 0, which is what a missing field means\n\
         help: make the first one `= 0`, or put `Unspecified` before it",
    )
}

pub(crate) fn enum_value_unknown(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(value, "the value of a variant is a literal number within the range of `i32`")
}

pub(crate) fn field_type(ty: impl ToTokens, written: &str, instead: &str) -> Diagnostic {
    Diagnostic::over(
        ty,
        format!("`{written}` cannot be a field of a message\nhelp: write `{instead}`"),
    )
}

pub(crate) fn field_is_borrowed(ty: impl ToTokens, owned: &str) -> Diagnostic {
    Diagnostic::over(ty, format!("a message owns its fields\nhelp: write `{owned}`"))
}

pub(crate) fn field_is_nested(ty: impl ToTokens, outer: &str) -> Diagnostic {
    Diagnostic::over(
        ty,
        format!(
            "a field cannot be a collection or an `Option` inside of `{outer}`\n\
             help: put it in a message of its own"
        ),
    )
}

pub(crate) fn tag_out_of_range(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        value,
        "a tag is a number from 1 to 536870911, but not from 19000 to 19999\n\
         note: that is the range of the encoding, whose own numbers are left out",
    )
}

pub(crate) fn tag_given_twice(value: impl ToTokens, tag: u32, first: &Ident) -> Diagnostic {
    Diagnostic::over(value, format!("the tag {tag} is already that of `{first}`"))
}

pub(crate) fn tag_is_reserved(value: impl ToTokens, tag: u32) -> Diagnostic {
    Diagnostic::over(
        value,
        format!(
            "the tag {tag} is reserved\n\
             note: an older program used it for another field; choose one that was never used"
        ),
    )
}

pub(crate) fn field_name_is_reserved(field: &Ident) -> Diagnostic {
    Diagnostic::at(
        field.span(),
        format!(
            "the field name `{field}` is reserved\n\
             note: an older program used it for another field; choose one that was never used"
        ),
    )
}

pub(crate) fn some_tags(field: &Ident, next: u32) -> Diagnostic {
    Diagnostic::at(
        field.span(),
        format!(
            "either every field has a tag, or none has\n\
             help: write `#[message(tag = {next})]` above `{field}`"
        ),
    )
}

pub(crate) fn bad_reserved(value: impl ToTokens) -> Diagnostic {
    Diagnostic::over(
        value,
        "`reserved` is a list of tags, ranges of tags and names\n\
         help: write `reserved(2, 5..=7, \"old_name\")`",
    )
}
