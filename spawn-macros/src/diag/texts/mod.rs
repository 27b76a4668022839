//! The words of every diagnostic.

mod actor;
mod arguments;
mod channels;
mod message;
mod pools;
mod routes;

use proc_macro2::Span;

pub(crate) use self::actor::*;
pub(crate) use self::arguments::*;
pub(crate) use self::channels::*;
pub(crate) use self::message::*;
pub(crate) use self::pools::*;
pub(crate) use self::routes::*;
use super::Diagnostic;

/// `a`, `b` and `c`.
fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A name as it is quoted: a line break in it does not break the message.
fn quoted(name: &str) -> std::str::EscapeDebug<'_> {
    name.escape_debug()
}

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
