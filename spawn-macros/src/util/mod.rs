//! What several steps use.

pub(crate) mod arguments;
pub(crate) mod duration;
pub(crate) mod strip;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Path, Type};

/// The place of `span`, but as a part of the expansion: names of local variables do not meet those of the user, and lints know
/// that nobody wrote this.
pub(crate) fn generated(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// The same name at the same place, but as a part of the expansion.
pub(crate) fn respelled(ident: &Ident) -> Ident {
    let mut ident = ident.clone();
    ident.set_span(generated(ident.span()));
    ident
}

/// A local name of the expansion. Hygiene keeps it apart from the user's variables, the prefix from their constants.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(&format!("__spawn_{name}"), Span::mixed_site())
}

/// Whether the last segment of `path` is `name`: `#[action]`, `#[spawn::action]`.
pub(crate) fn ends_with(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == name)
}

/// `ty` with `subject` in the place of `Self`, which means something else where the type is printed.
pub(crate) fn without_self(ty: &Type, subject: &TokenStream) -> Type {
    fn replace(tokens: TokenStream, subject: &TokenStream) -> TokenStream {
        let replaced = tokens.into_iter().map(|token| match token {
            TokenTree::Ident(ident) if ident == "Self" => subject.clone(),
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), replace(group.stream(), subject));
                inner.set_span(group.span());
                TokenTree::Group(inner).into()
            }
            token => token.into(),
        });
        replaced.collect()
    }
    let tokens = replace(ty.to_token_stream(), subject);
    syn::parse2(tokens.clone()).unwrap_or(Type::Verbatim(tokens))
}

/// A type as a person would write it.
pub(crate) fn spelled(ty: &Type) -> String {
    let mut text = ty.to_token_stream().to_string();
    for (spaced, tight) in
        [(" :: ", "::"), (" < ", "<"), ("< ", "<"), (" >", ">"), (" ,", ","), ("& ", "&")]
    {
        text = text.replace(spaced, tight);
    }
    text
}

/// What to write instead of a reference to `ty`.
pub(crate) fn owned(ty: &Type) -> String {
    match ungroup(ty) {
        Type::Path(path) if path.path.is_ident("str") => "String".to_owned(),
        Type::Slice(slice) => format!("Vec<{}>", spelled(&slice.elem)),
        other => spelled(other),
    }
}

/// The type inside the invisible parentheses that a `macro_rules` puts around it.
pub(crate) fn ungroup(mut ty: &Type) -> &Type {
    while let Type::Group(group) = ty {
        ty = &group.elem;
    }
    ty
}

/// Those attributes of a method that go with everything that is made for it.
pub(crate) fn conditions(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).cloned().collect()
}

/// The path of this library where the user says nothing else.
pub(crate) fn default_krate() -> Path {
    let span = Span::mixed_site();
    let mut path = Path::from(Ident::new("spawn", span));
    path.leading_colon = Some(syn::Token![::](span));
    path
}
