//! Where diagnostics are collected.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// A mistake: where, what, and what to write instead.
#[derive(Debug)]
pub(crate) struct Diagnostic {
    error: syn::Error,
}

impl Diagnostic {
    /// A mistake at `span`.
    pub(super) fn at(span: Span, message: impl std::fmt::Display) -> Self {
        Self { error: syn::Error::new(span, message) }
    }

    /// A mistake that spans `tokens`.
    pub(super) fn over(tokens: impl ToTokens, message: impl std::fmt::Display) -> Self {
        Self { error: syn::Error::new_spanned(tokens, message) }
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

    /// The errors, for the compiler to print.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.diagnostics.iter().map(|diagnostic| diagnostic.error.to_compile_error()).collect()
    }
}
