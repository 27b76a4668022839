//! From a struct or an enum to a message.

use quote::ToTokens;
use syn::{Expr, ExprLit, ItemEnum, ItemStruct, Lit, Type, UnOp};

use super::model::{Field, Message, Shape, Variant};
use super::parse::{MessageItem, Parsed, Reserved, Tag};
use crate::diag::{self, Sink};
use crate::util::arguments::plain;
use crate::util::{default_krate, owned, ungroup, without_self};

/// The largest tag of the encoding.
const LAST_TAG: u32 = (1 << 29) - 1;

pub(crate) fn check(parsed: Parsed, sink: &mut Sink) -> Message {
    let (package, name) = name(&parsed, sink);
    let krate = parsed.krate.unwrap_or_else(default_krate);
    let shape = match parsed.item {
        MessageItem::Struct(mut item, tags) => {
            let fields = fields(&item, &tags, &parsed.reserved, sink);
            own_fields(&mut item);
            Shape::Struct { item, fields }
        }
        MessageItem::Enum(item) => {
            let variants = variants(&item, sink);
            Shape::Enum { item, variants }
        }
    };
    Message { krate, package, name, shape }
}

/// The package and the name.
fn name(parsed: &Parsed, sink: &mut Sink) -> (String, String) {
    let Some((full, value)) = &parsed.name else {
        // A key that was reported may be the name.
        if sink.is_empty() {
            sink.push(diag::message_without_name(parsed.ident()));
        }
        return (String::new(), parsed.ident().to_string());
    };
    for part in full.split('.') {
        let why = if full.is_empty() || part.is_empty() {
            "has an empty part"
        } else if part.starts_with(|c: char| c.is_ascii_digit()) {
            "has a part that starts with a digit"
        } else if !part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            "contains a character that is none of `A-Z a-z 0-9 _ .`"
        } else {
            continue;
        };
        sink.push(diag::bad_message_name(value, full, why));
        break;
    }
    match full.rsplit_once('.') {
        Some((package, name)) => (package.to_owned(), name.to_owned()),
        None => (String::new(), full.clone()),
    }
}

fn fields(item: &ItemStruct, tags: &[Tag], reserved: &[Reserved], sink: &mut Sink) -> Vec<Field> {
    let written = tags.iter().filter(|tag| tag.is_some()).count();
    let highest = tags.iter().flatten().filter_map(|(tag, _)| *tag).max().unwrap_or(0);
    let mut fields: Vec<Field> = Vec::new();
    let mut next = 1;
    for (field, written_tag) in item.fields.iter().zip(tags) {
        let Some(ident) = field.ident.clone() else { continue };
        let before = sink.len();
        check_type(&field.ty, sink);
        let reported = sink.len() > before;
        if reserved.iter().any(|it| matches!(it, Reserved::Name(name) if *name == plain(&ident))) {
            sink.push(diag::field_name_is_reserved(&ident));
        }
        let tag = match written_tag {
            Some((Some(tag), _)) if in_range(*tag) => *tag,
            Some((_, value)) => {
                sink.push(diag::tag_out_of_range(value));
                0
            }
            None if written > 0 => {
                sink.push(diag::some_tags(&ident, highest + 1));
                0
            }
            None => {
                while is_reserved(next, reserved) || !in_range(next) {
                    next += 1;
                }
                next += 1;
                next - 1
            }
        };
        if let Some((_, value)) = written_tag
            && tag > 0
        {
            if let Some(first) = fields.iter().find(|field| field.tag == tag) {
                sink.push(diag::tag_given_twice(value, tag, &first.ident));
            } else if is_reserved(tag, reserved) {
                sink.push(diag::tag_is_reserved(value, tag));
            }
        }
        let ty = match ungroup(&field.ty) {
            Type::Reference(reference) => owned_type(reference),
            _ => without_self(&field.ty, &item.ident.to_token_stream()),
        };
        fields.push(Field { ident, ty, tag, reported });
    }
    fields
}

/// Puts an owned type in the place of a borrowed one that was reported, which the compiler would report as well.
fn own_fields(item: &mut ItemStruct) {
    for field in &mut item.fields {
        if let Type::Reference(reference) = ungroup(&field.ty) {
            field.ty = owned_type(reference);
        }
    }
}

fn owned_type(reference: &syn::TypeReference) -> Type {
    syn::parse_str(&owned(&reference.elem)).unwrap_or_else(|_| Type::Reference(reference.clone()))
}

/// 19000 to 19999 belong to the encoding.
fn in_range(tag: u32) -> bool {
    (1..=LAST_TAG).contains(&tag) && !(19_000..=19_999).contains(&tag)
}

fn is_reserved(tag: u32, reserved: &[Reserved]) -> bool {
    reserved
        .iter()
        .any(|it| matches!(it, Reserved::Tags(first, last) if (*first..=*last).contains(&tag)))
}

/// The mistakes that are seen by the name of a type, for which there is better advice than that it is no message. Everything else
/// is asked of the type itself, in the generated code.
fn check_type(ty: &Type, sink: &mut Sink) {
    let ty = ungroup(ty);
    match ty {
        Type::Reference(reference) => {
            sink.push(diag::field_is_borrowed(ty, &owned(&reference.elem)));
        }
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return };
            let outer = last.ident.to_string();
            if let Some(instead) = instead_of(&outer).filter(|_| path.path.get_ident().is_some()) {
                sink.push(diag::field_type(ty, &outer, instead));
                return;
            }
            let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return };
            let inner = arguments.args.iter().filter_map(|argument| match argument {
                syn::GenericArgument::Type(ty) => Some(ungroup(ty)),
                _ => None,
            });
            for inner in inner {
                check_inner(inner, &outer, sink);
            }
        }
        _ => {}
    }
}

/// A type inside of `Option`, `Vec` or a map.
fn check_inner(ty: &Type, outer: &str, sink: &mut Sink) {
    let collections = ["Option", "Vec", "HashMap", "BTreeMap"];
    if !collections.contains(&outer) {
        return;
    }
    let Type::Path(path) = ty else { return check_type(ty, sink) };
    let Some(last) = path.path.segments.last() else { return };
    let inner = last.ident.to_string();
    let bytes = inner == "Vec" && quote::quote!(#ty).to_string().replace(' ', "").ends_with("<u8>");
    if bytes || (outer == "Vec" && inner == "u8") {
        return;
    }
    if collections.contains(&inner.as_str()) {
        sink.push(diag::field_is_nested(ty, outer));
    } else {
        check_type(ty, sink);
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
        _ => return None,
    })
}

fn variants(item: &ItemEnum, sink: &mut Sink) -> Vec<Variant> {
    let mut variants: Vec<Variant> = Vec::new();
    let mut next = 0_i32;
    for variant in &item.variants {
        if !matches!(variant.fields, syn::Fields::Unit) {
            sink.push(diag::enum_with_data(&variant.fields));
            return Vec::new();
        }
        let value = match &variant.discriminant {
            None => Some(next),
            Some((_, value)) => {
                let read = literal(value);
                if read.is_none() {
                    sink.push(diag::enum_value_unknown(value));
                }
                read
            }
        };
        let Some(value) = value else { continue };
        next = value.wrapping_add(1);
        variants.push(Variant { ident: variant.ident.clone(), value });
    }
    match item.variants.first() {
        None => sink.push(diag::enum_is_empty(&item.ident)),
        Some(first) if sink.is_empty() && variants.iter().all(|it| it.value != 0) => {
            sink.push(diag::enum_without_zero(&first.ident));
        }
        Some(_) => {}
    }
    variants
}

/// A literal number, which may be negative.
fn literal(value: &Expr) -> Option<i32> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().ok(),
        // The smallest number has no positive counterpart.
        Expr::Unary(negated) if matches!(negated.op, UnOp::Neg(_)) => match &*negated.expr {
            Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => {
                number.base10_parse::<i64>().ok().and_then(|it| i32::try_from(-it).ok())
            }
            _ => None,
        },
        Expr::Group(group) => literal(&group.expr),
        Expr::Paren(paren) => literal(&paren.expr),
        _ => None,
    }
}
