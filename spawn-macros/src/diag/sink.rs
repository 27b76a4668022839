//! Where diagnostics are collected.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// A mistake: where, what, and what to write instead.
#[derive(Debug)]
pub(crate) struct Diagnostic {
    error: syn::Error,
    /// The text that it was made by, so that a test can tell which texts have a case.
    #[cfg(test)]
    made_by: &'static std::panic::Location<'static>,
}

impl Diagnostic {
    /// A mistake at `span`.
    #[track_caller]
    pub(super) fn at(span: Span, message: impl std::fmt::Display) -> Self {
        Self::of(syn::Error::new(span, message))
    }

    /// A mistake that spans `tokens`.
    #[track_caller]
    pub(super) fn over(tokens: impl ToTokens, message: impl std::fmt::Display) -> Self {
        Self::of(syn::Error::new_spanned(tokens, message))
    }

    #[track_caller]
    fn of(error: syn::Error) -> Self {
        Self {
            error,
            #[cfg(test)]
            made_by: std::panic::Location::caller(),
        }
    }

    /// The line and the column where it begins, if the compiler is there to tell.
    fn place(&self) -> (usize, usize) {
        if !proc_macro::is_available() {
            return (0, 0);
        }
        let start = self.error.span().unwrap().start();
        (start.line(), start.column())
    }
}

#[cfg(test)]
impl Diagnostic {
    /// The first line.
    pub(crate) fn message(&self) -> String {
        self.error.to_string().lines().next().unwrap_or_default().to_owned()
    }

    /// The file and the line of the text.
    pub(crate) fn made_by(&self) -> (&'static str, u32) {
        (self.made_by.file(), self.made_by.line())
    }
}

/// Collects diagnostics.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    diagnostics: Vec<Diagnostic>,
}

impl Sink {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether nothing was reported.
    pub(crate) fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// How much was reported so far; what is reported later makes it more.
    pub(crate) fn len(&self) -> usize {
        self.diagnostics.len()
    }

    /// The errors, for the compiler to print, in the order of the source.
    pub(crate) fn into_tokens(mut self) -> TokenStream {
        self.diagnostics.sort_by_key(Diagnostic::place);
        self.diagnostics.iter().map(|diagnostic| diagnostic.error.to_compile_error()).collect()
    }

    #[cfg(test)]
    pub(crate) fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}
