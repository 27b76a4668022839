//! The attributes of fields and variants.

use proc_macro2::{Ident, TokenStream};
use syn::Attribute;

use crate::diag::{self, Sink};
use crate::util::arguments::{Accepts, Argument, parse as parse_arguments};
use crate::util::ends_with;

const FIELD: Accepts = Accepts {
    place: "`#[message]` on a field",
    keys: &[
        ("tag", "tag = 3"),
        ("sint", "sint"),
        ("fixed", "fixed"),
        ("keys", "keys = sint"),
        ("oneof", "oneof"),
    ],
    others: None,
};

const VARIANT: Accepts = Accepts {
    place: "`#[message]` on a variant",
    keys: &[("tag", "tag = 3"), ("sint", "sint"), ("fixed", "fixed")],
    others: None,
};

/// The tag that is written, if it is a number of the right size, and how it is written.
pub(crate) type Tag = (Option<u32>, TokenStream);

/// What is written above a field or a variant.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) tag: Option<Tag>,
    pub(crate) oneof: Option<Ident>,
    /// `sint` or `fixed`
    pub(crate) numbers: Option<Ident>,
    /// What `keys` is: `sint` or `fixed`.
    pub(crate) keys: Option<Ident>,
    /// Whether something else was written, and reported.
    pub(crate) faulty: bool,
}

/// `#[message(tag = 3, sint)]`, taken from the attributes of a field.
pub(super) fn of_field(attributes: &mut Vec<Attribute>, sink: &mut Sink) -> Options {
    options(attributes, &FIELD, sink)
}

/// The same of a variant.
pub(super) fn of_variant(attributes: &mut Vec<Attribute>, sink: &mut Sink) -> Options {
    options(attributes, &VARIANT, sink)
}

/// Reports what is written above a variant of an enumeration, and takes it away.
pub(super) fn of_enumeration(variant: &mut syn::Variant, sink: &mut Sink) {
    for attribute in take(&mut variant.attrs) {
        sink.push(diag::attribute_on_enumeration(&attribute, &variant.ident));
    }
}

fn options(attributes: &mut Vec<Attribute>, accepts: &Accepts, sink: &mut Sink) -> Options {
    let mut options = Options::default();
    let before = sink.len();
    for attribute in take(attributes) {
        match &attribute.meta {
            syn::Meta::List(list) if !list.tokens.is_empty() => {
                for argument in parse_arguments(list.tokens.clone(), accepts, sink) {
                    options.take(&argument, sink);
                }
            }
            _ => sink.push(diag::empty_attribute(&attribute, accepts.place)),
        }
    }
    options.faulty = sink.len() > before;
    options
}

impl Options {
    fn take(&mut self, argument: &Argument, sink: &mut Sink) {
        let Argument { key, value } = argument;
        match key.to_string().as_str() {
            "tag" if self.tag.is_none() => {
                let number = value.number().and_then(|tag| u32::try_from(tag).ok());
                self.tag = Some((number, value.tokens()));
            }
            "oneof" if self.oneof.is_none() => self.oneof = Some(key.clone()),
            "keys" if self.keys.is_none() => {
                match value.ident().filter(|it| it == "sint" || it == "fixed") {
                    Some(encoding) => self.keys = Some(encoding),
                    None => sink.push(diag::bad_keys(value.tokens())),
                }
            }
            "sint" | "fixed" => match &self.numbers {
                None => self.numbers = Some(key.clone()),
                Some(first) if first == key => sink.push(diag::given_twice(key)),
                Some(first) => sink.push(diag::two_encodings(key, first)),
            },
            // By a second attribute; one alone is looked at by `arguments::parse`.
            _ => sink.push(diag::given_twice(key)),
        }
    }
}

/// The attributes `#[message]`, taken away.
fn take(attributes: &mut Vec<Attribute>) -> Vec<Attribute> {
    attributes.extract_if(.., |attribute| ends_with(attribute.path(), "message")).collect()
}

/// The names of what is derived below `#[message]`.
pub(crate) fn derived(attributes: &[Attribute]) -> Vec<Ident> {
    let mut names = Vec::new();
    for attribute in attributes.iter().filter(|it| ends_with(it.path(), "derive")) {
        let paths = attribute.parse_args_with(
            syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated,
        );
        let last = |path: syn::Path| path.segments.last().map(|segment| segment.ident.clone());
        names.extend(paths.into_iter().flatten().filter_map(last));
    }
    names
}
