//! Diagnostics: collected, so that all mistakes of a definition are reported at once, and worded in one place.
//!
//! Each is a function here. The first line says what is wrong, as a fact about the person's own code; then at most one `help:` with
//! what to write, and `note:` lines with what there is to choose from. The span is the smallest token that has to change.

mod sink;
mod texts;

pub(crate) use self::sink::{Diagnostic, Sink};
pub(crate) use self::texts::*;
