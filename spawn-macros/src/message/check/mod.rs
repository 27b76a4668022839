//! From a struct or an enum to a message.

mod enumeration;
mod oneof;
mod tags;
mod types;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{ItemStruct, Type};

use self::tags::{Numbering, ReservedTags};
pub(super) use self::types::key;
use super::model::{Encoding, Field, Form, Message, Shape};
use super::parse::{MessageItem, Options, Parsed};
use crate::diag::{self, Sink};
use crate::util::{default_krate, ungroup, without_self};

pub(crate) fn check(parsed: Parsed, sink: &mut Sink) -> Message {
    let (package, name) = name(&parsed, sink);
    let krate = parsed.krate.unwrap_or_else(default_krate);
    let shape = match parsed.item {
        MessageItem::Struct(mut item, options) => {
            let reserved = ReservedTags::of_fields(&parsed.reserved, sink);
            let fields = fields(&item, &options, &reserved, sink);
            item.fields.iter_mut().for_each(|field| types::own(&mut field.ty));
            Shape::Struct { item, fields, reserved: reserved.into_ranges() }
        }
        MessageItem::Oneof(mut item, options) => {
            let reserved = ReservedTags::of_fields(&parsed.reserved, sink);
            let variants = oneof::check(&mut item, &options, &reserved, sink);
            Shape::Oneof { item, variants }
        }
        MessageItem::Enum(item) => {
            let reserved = ReservedTags::of_numbers(&parsed.reserved, sink);
            let variants = enumeration::check(&item, &reserved, sink);
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

fn fields(
    item: &ItemStruct,
    options: &[Options],
    reserved: &ReservedTags,
    sink: &mut Sink,
) -> Vec<Field> {
    let mut numbering = Numbering::new(options, reserved);
    let mut fields = Vec::new();
    for (field, options) in item.fields.iter().zip(options) {
        let Some(ident) = field.ident.clone() else { continue };
        let before = sink.len();
        match &options.oneof {
            Some(_) => types::check_oneof(&field.ty, sink),
            None => types::check_field(&field.ty, &item.ident, sink),
        }
        let reported = sink.len() > before;
        fields.push(Field {
            tag: numbering.tag(&ident, options, sink),
            ty: meant(&field.ty, &item.ident),
            form: if options.oneof.is_some() { Form::Oneof } else { Form::Field },
            encoding: encoding(options),
            ident,
            reported,
        });
    }
    fields
}

/// The type that a field is taken for: without `Self`, and owned where it was borrowed, which was reported.
fn meant(ty: &Type, subject: &Ident) -> Type {
    let mut ty = ungroup(ty).clone();
    types::own(&mut ty);
    without_self(&ty, &subject.to_token_stream())
}

fn encoding(options: &Options) -> Encoding {
    let shape = |name: &Ident, [sint, fixed]: [TokenStream; 2]| {
        if name == "sint" { sint } else { fixed }
    };
    Encoding {
        numbers: options.numbers.as_ref().map(|it| shape(it, [quote!(SINT), quote!(FIXED)])),
        keys: options.keys.as_ref().map(|it| shape(it, [quote!(MAP_SINT), quote!(MAP_FIXED)])),
    }
}
