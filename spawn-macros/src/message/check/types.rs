//! The mistakes that are seen by the name of a type, for which there is better advice than that it is no message. Everything else is
//! asked of the type itself, in the generated code.

use proc_macro2::Ident;
use syn::{GenericArgument, PathArguments, PathSegment, Type};

use crate::diag::{self, Sink};
use crate::util::{owned, spelled, ungroup};

const COLLECTIONS: [&str; 4] = ["Option", "Vec", "HashMap", "BTreeMap"];

/// The type of a field of the message `subject`.
pub(super) fn check_field(ty: &Type, subject: &Ident, sink: &mut Sink) {
    let ty = ungroup(ty);
    if is_boxed(ty, subject) {
        sink.push(diag::field_is_endless(ty, &spelled(ty)));
        return;
    }
    match last(ty) {
        Some(outer) if COLLECTIONS.iter().any(|name| outer.ident == name) && !is_bytes(ty) => {
            check_inside(outer, sink);
        }
        _ => check_value(ty, sink),
    }
}

/// The type of a field under `oneof`.
pub(super) fn check_oneof(ty: &Type, sink: &mut Sink) {
    let ty = ungroup(ty);
    match last(ty) {
        Some(outer) if outer.ident == "Vec" || is_map(outer) => {
            sink.push(diag::oneof_is_repeated(ty));
        }
        _ => {}
    }
}

/// The type of what a variant holds.
pub(super) fn check_variant(ty: &Type, sink: &mut Sink) {
    let ty = ungroup(ty);
    match last(ty) {
        Some(outer) if COLLECTIONS.iter().any(|name| outer.ident == name) && !is_bytes(ty) => {
            sink.push(diag::variant_is_collection(ty, &outer.ident));
        }
        _ => check_value(ty, sink),
    }
}

/// Whether it is a box with the message itself in it.
pub(super) fn is_boxed(ty: &Type, subject: &Ident) -> bool {
    let Some(outer) = last(ty).filter(|outer| outer.ident == "Box") else { return false };
    matches!(
        inside(outer).as_slice(),
        [Type::Path(path)] if path.path.get_ident().is_some_and(|it| it == subject || it == "Self")
    )
}

/// Puts owned types in the place of borrowed ones that were reported, which the compiler would report as well.
pub(super) fn own(ty: &mut Type) {
    match ty {
        Type::Group(group) => own(&mut group.elem),
        Type::Reference(reference) => {
            if let Ok(owned) = syn::parse_str(&owned(&reference.elem)) {
                *ty = owned;
            }
        }
        Type::Path(path) => {
            let Some(last) = path.path.segments.last_mut() else { return };
            let PathArguments::AngleBracketed(arguments) = &mut last.arguments else { return };
            for argument in &mut arguments.args {
                if let GenericArgument::Type(ty) = argument {
                    own(ty);
                }
            }
        }
        _ => {}
    }
}

/// The key, if the type is spelled as a map.
pub(crate) fn key(ty: &Type) -> Option<&Type> {
    let outer = last(ungroup(ty)).filter(|outer| is_map(outer))?;
    inside(outer).first().copied()
}

fn is_map(outer: &PathSegment) -> bool {
    outer.ident == "HashMap" || outer.ident == "BTreeMap"
}

/// What is inside of an `Option`, a `Vec` or a map.
fn check_inside(outer: &PathSegment, sink: &mut Sink) {
    let is_map = is_map(outer);
    for (number, ty) in inside(outer).into_iter().enumerate() {
        if is_map && number == 0 {
            check_key(ty, sink);
            continue;
        }
        // The third is what a `HashMap` hashes with.
        if number > usize::from(is_map) || is_bytes(ty) {
            continue;
        }
        match last(ty) {
            Some(inner) if COLLECTIONS.iter().any(|name| inner.ident == name) => {
                sink.push(diag::field_is_nested(ty, &outer.ident));
            }
            _ => check_value(ty, sink),
        }
    }
}

fn check_key(ty: &Type, sink: &mut Sink) {
    let Some(key) = last(ty) else { return check_value(ty, sink) };
    let name = key.ident.to_string();
    match name.as_str() {
        "f32" | "f64" | "Vec" | "Bytes" | "Option" | "SystemTime" | "Duration" => {
            sink.push(diag::bad_key(ty, &spelled(ty)));
        }
        _ => check_value(ty, sink),
    }
}

fn check_value(ty: &Type, sink: &mut Sink) {
    match ty {
        Type::Reference(reference) => {
            sink.push(diag::field_is_borrowed(ty, &owned(&reference.elem)));
        }
        Type::Array(array) => {
            let instead = format!("Vec<{}>", spelled(&array.elem));
            sink.push(diag::field_type(ty, &spelled(ty), &instead));
        }
        Type::Tuple(tuple) if !tuple.elems.is_empty() => sink.push(diag::field_is_a_tuple(ty)),
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return };
            let name = last.ident.to_string();
            if let Some(instead) = instead_of(&name).filter(|_| path.path.get_ident().is_some()) {
                sink.push(diag::field_type(ty, &name, instead));
            } else if ["HashSet", "BTreeSet", "VecDeque"].contains(&name.as_str())
                && let Some(element) = inside(last).first()
            {
                let instead = format!("Vec<{}>", spelled(element));
                sink.push(diag::field_type(ty, &spelled(ty), &instead));
            }
        }
        _ => {}
    }
}

/// What to write for a type that protobuf does not have.
fn instead_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "u8" | "u16" => "u32",
        "i8" | "i16" => "i32",
        "usize" => "u64",
        "isize" => "i64",
        "u128" | "i128" | "char" => "String",
        "Instant" => "SystemTime",
        _ => return None,
    })
}

fn last(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// The types between the angle brackets.
fn inside(outer: &PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = &outer.arguments else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ungroup(ty)),
        _ => None,
    });
    types.collect()
}

fn is_bytes(ty: &Type) -> bool {
    let Some(outer) = last(ty).filter(|outer| outer.ident == "Vec") else { return false };
    matches!(inside(outer).as_slice(), [Type::Path(path)] if path.path.is_ident("u8"))
}
