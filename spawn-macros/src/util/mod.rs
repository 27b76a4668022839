//! What several steps use.

pub(crate) mod arguments;
pub(crate) mod duration;
pub(crate) mod strip;

use proc_macro2::{Ident, Span};
use syn::{Attribute, Path, Type};

/// The place of `span`, but as a part of the expansion: names of local variables do not meet those of the user, and lints know
/// that nobody wrote this.
pub(crate) fn generated(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// Whether the last segment of `path` is `name`: `#[action]`, `#[spawn::action]`.
pub(crate) fn ends_with(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == name)
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
