//! Arguments of an attribute, and their values.

use proc_macro2::{Ident, Punct, TokenTree};
use quote::ToTokens;

use super::{list, quoted};
use crate::diag::Diagnostic;
use crate::grammar;
use crate::util::arguments::Accepts;
use crate::util::duration;

pub(crate) fn given_twice(key: &Ident) -> Diagnostic {
    Diagnostic::at(key.span(), format!("`{key}` is given twice"))
}

pub(crate) fn unknown_key(key: &Ident, accepts: &Accepts) -> Diagnostic {
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

pub(crate) fn takes_no_arguments(argument: impl ToTokens, place: &str) -> Diagnostic {
    Diagnostic::over(argument, format!("{place} takes no arguments\nhelp: write {place} alone"))
}

/// `#[action = "x"]`
pub(crate) fn arguments_after_equals(value: impl ToTokens, name: &str) -> Diagnostic {
    let written = value.to_token_stream();
    Diagnostic::over(
        value,
        format!(
            "the arguments of `#[{name}]` stand in parentheses\nhelp: write `#[{name}(name = {written})]`"
        ),
    )
}

pub(crate) fn needs_value(key: &Ident, example: &str) -> Diagnostic {
    Diagnostic::at(key.span(), format!("`{key}` needs a value\nhelp: write `{example}`"))
}

pub(crate) fn takes_no_value(key: &Ident) -> Diagnostic {
    Diagnostic::at(key.span(), format!("`{key}` takes no value\nhelp: write `{key}` alone"))
}

pub(crate) fn colon_after_key(key: &Ident, colon: &Punct, example: &str) -> Diagnostic {
    Diagnostic::at(
        colon.span(),
        format!(
            "a key and its value are separated by `=`\nhelp: write `{key} = ..`, as in `{example}`"
        ),
    )
}

pub(crate) fn not_an_argument(token: &TokenTree, accepts: &Accepts) -> Diagnostic {
    let (key, example) = accepts.first();
    let place = accepts.place;
    let hint = match token {
        TokenTree::Literal(literal) => format!("help: write `{key} = {literal}`"),
        _ => format!("help: an argument is written as in `{example}`"),
    };
    Diagnostic::over(token, format!("an argument of {place} starts with its key\n{hint}"))
}

pub(crate) fn empty_argument(comma: &Punct, place: &str) -> Diagnostic {
    Diagnostic::at(
        comma.span(),
        format!("{place} has an empty argument\nhelp: take the extra comma away"),
    )
}

pub(crate) fn missing_comma(next: &Ident) -> Diagnostic {
    Diagnostic::at(
        next.span(),
        format!("a comma is missing before `{next}`\nhelp: arguments are separated by commas"),
    )
}

pub(crate) fn not_a_string(value: impl ToTokens, key: &str, example: &str) -> Diagnostic {
    Diagnostic::over(value, format!("`{key}` is a string\nhelp: write `{key} = \"{example}\"`"))
}

pub(crate) fn not_a_bool(value: impl ToTokens, key: &str) -> Diagnostic {
    Diagnostic::over(
        value,
        format!("`{key}` is `true` or `false`\nhelp: write `{key} = false`, without quotes"),
    )
}

pub(crate) fn not_a_count(value: impl ToTokens, key: &str, most: u64) -> Diagnostic {
    Diagnostic::over(value, format!("`{key}` is a whole number from 1 to {most}"))
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
        duration::Fault::Negative => {
            format!("the duration `{text}` is negative\nhelp: write `\"30s\"`")
        }
        duration::Fault::Fraction => format!(
            "the duration `{text}` is no whole number\n\
             help: write it in a smaller unit, as in `\"1500ms\"`"
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
        fault => format!("the actor name `{}` {fault}", quoted(name)),
    };
    Diagnostic::over(value, format!("{message}\nhelp: write `name = \"order_processor\"`"))
}

pub(crate) fn unknown_kind(value: impl ToTokens, near: Option<&str>, kinds: &[&str]) -> Diagnostic {
    let written = value.to_token_stream().to_string();
    let bare = written.trim_matches(['"', ':', ' ']);
    let message = match near {
        Some(near) if near == bare => {
            format!("`kind` is a name\nhelp: write `kind = {near}`, without quotes or colon")
        }
        Some(near) => format!("unknown kind `{bare}`\nhelp: did you mean `{near}`?"),
        None => {
            format!("unknown kind `{bare}`\nnote: the kinds are {}", list(kinds.iter().copied()))
        }
    };
    Diagnostic::over(value, message)
}
