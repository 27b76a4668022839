//! From bytes to JSON, as protobuf maps it.

use std::cmp::Ordering;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prost::Message;
use prost::encoding::{WireType, decode_key, decode_varint};

use super::catalog::Catalog;
use super::tree::Tree;
use crate::message::{FieldKind, Kind};

/// How deep messages may be inside of each other: as deep as `prost` reads them.
const DEEPEST: usize = 100;

/// A message as JSON; `None` if its type is not known, or the bytes are none of it.
pub(super) fn message(catalog: &Catalog, full_name: &str, bytes: &[u8]) -> Option<Tree> {
    let reader = Reader { catalog };
    if full_name == "google.protobuf.Empty" {
        return reader.fields(&[], bytes, 0);
    }
    if let Some(kind) = wrapped(full_name) {
        let field = FieldKind { name: "value", tag: 1, kind };
        let Tree::Object(fields) = reader.fields(&[field], bytes, 0)? else { return None };
        return fields.into_iter().next().map(|(_, value)| value);
    }
    reader.fields(catalog.named(full_name)?, bytes, 0)
}

/// What is in a scalar that is a message by itself.
fn wrapped(full_name: &str) -> Option<Kind> {
    Some(match full_name.strip_prefix("google.protobuf.")? {
        "BoolValue" => Kind::Bool,
        "Int32Value" => Kind::Int32,
        "Int64Value" => Kind::Int64,
        "UInt32Value" => Kind::Uint32,
        "UInt64Value" => Kind::Uint64,
        "FloatValue" => Kind::Float,
        "DoubleValue" => Kind::Double,
        "StringValue" => Kind::Text,
        "BytesValue" => Kind::Bytes,
        _ => return None,
    })
}

/// A value as it stands in the bytes.
#[derive(Clone, Copy)]
enum Raw<'b> {
    Varint(u64),
    Fixed32(u32),
    Fixed64(u64),
    Bytes(&'b [u8]),
}

impl<'b> Raw<'b> {
    fn read(wire: WireType, rest: &mut &'b [u8]) -> Option<Self> {
        Some(match wire {
            WireType::Varint => Self::Varint(decode_varint(rest).ok()?),
            WireType::ThirtyTwoBit => Self::Fixed32(u32::from_le_bytes(*take(rest)?)),
            WireType::SixtyFourBit => Self::Fixed64(u64::from_le_bytes(*take(rest)?)),
            WireType::LengthDelimited => {
                let length = usize::try_from(decode_varint(rest).ok()?).ok()?;
                let (bytes, after) = rest.split_at_checked(length)?;
                *rest = after;
                Self::Bytes(bytes)
            }
            // Proto2 had groups; nothing here writes one.
            WireType::StartGroup | WireType::EndGroup => return None,
        })
    }

    /// Of a field that the program does not know.
    fn show(self) -> Tree {
        match self {
            Self::Varint(number) | Self::Fixed64(number) => Tree::Text(number.to_string()),
            Self::Fixed32(number) => Tree::Plain(number.to_string()),
            Self::Bytes(bytes) => Tree::Text(STANDARD.encode(bytes)),
        }
    }
}

fn take<'b, const N: usize>(rest: &mut &'b [u8]) -> Option<&'b [u8; N]> {
    let (bytes, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(bytes)
}

struct Reader<'c> {
    catalog: &'c Catalog,
}

impl Reader<'_> {
    /// A message with these fields. Those that are not there are shown as what they mean.
    fn fields(&self, fields: &[FieldKind], mut bytes: &[u8], depth: usize) -> Option<Tree> {
        if depth > DEEPEST {
            return None;
        }
        let mut values: Vec<Option<Tree>> = vec![None; fields.len()];
        let mut unknown = Vec::new();
        while !bytes.is_empty() {
            let (tag, wire) = decode_key(&mut bytes).ok()?;
            let raw = Raw::read(wire, &mut bytes)?;
            let found = fields.iter().zip(&mut values).find(|(field, _)| field.has(tag));
            match found {
                Some((field, value)) => {
                    *value = Some(self.field(field, tag, raw, value.take(), depth)?);
                }
                None => unknown.push((format!("#{tag}"), raw.show())),
            }
        }
        let mut shown = Vec::with_capacity(fields.len());
        for (field, value) in fields.iter().zip(values) {
            let value = match value {
                Some(Tree::Object(mut entries)) if matches!(field.kind, Kind::Map(..)) => {
                    entries.sort_by(|(one, _), (other, _)| by_number_or_text(one, other));
                    Tree::Object(entries)
                }
                Some(value) => value,
                None => self.absent(&field.kind, depth)?,
            };
            shown.push((field.name.to_owned(), value));
        }
        shown.extend(unknown);
        Some(Tree::Object(shown))
    }

    /// A field, or one more part of it.
    fn field(
        &self,
        field: &FieldKind,
        tag: u32,
        raw: Raw<'_>,
        before: Option<Tree>,
        depth: usize,
    ) -> Option<Tree> {
        match &field.kind {
            Kind::Repeated(kind) => {
                let mut items = match before {
                    Some(Tree::List(items)) => items,
                    _ => Vec::new(),
                };
                match (raw, packed(kind)) {
                    (Raw::Bytes(mut many), Some(wire)) => {
                        while !many.is_empty() {
                            let one = Raw::read(wire, &mut many)?;
                            items.push(self.value(kind, one, depth)?);
                        }
                    }
                    _ => items.push(self.value(kind, raw, depth)?),
                }
                Some(Tree::List(items))
            }
            Kind::Map(key, value) => {
                let Raw::Bytes(entry) = raw else { return None };
                let parts = [("key", 1, **key), ("value", 2, **value)];
                let parts = parts.map(|(name, tag, kind)| FieldKind { name, tag, kind });
                let Tree::Object(parts) = self.fields(&parts, entry, depth + 1)? else {
                    return None;
                };
                let mut parts = parts.into_iter().map(|(_, part)| part);
                let (key, value) = (parts.next()?, parts.next()?);
                let (Tree::Plain(key) | Tree::Text(key)) = key else { return None };
                let mut entries = match before {
                    Some(Tree::Object(entries)) => entries,
                    _ => Vec::new(),
                };
                entries.push((key, value));
                Some(Tree::Object(entries))
            }
            Kind::Oneof(variants) => {
                let variant = variants.iter().find(|variant| variant.tag == tag)?;
                let value = self.value(&variant.kind, raw, depth)?;
                Some(Tree::Object(vec![(variant.name.to_owned(), value)]))
            }
            kind => self.value(kind, raw, depth),
        }
    }

    /// What a field that is not there means.
    fn absent(&self, kind: &Kind, depth: usize) -> Option<Tree> {
        Some(match kind {
            Kind::Optional(_) | Kind::Oneof(_) | Kind::Reported => Tree::Null,
            Kind::Repeated(_) => Tree::List(Vec::new()),
            Kind::Map(..) => Tree::Object(Vec::new()),
            Kind::Text | Kind::Bytes => Tree::Text(String::new()),
            Kind::Message(_) | Kind::Timestamp | Kind::Duration => {
                self.value(kind, Raw::Bytes(&[]), depth)?
            }
            Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => {
                self.value(kind, Raw::Fixed32(0), depth)?
            }
            Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => {
                self.value(kind, Raw::Fixed64(0), depth)?
            }
            _ => self.value(kind, Raw::Varint(0), depth)?,
        })
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_possible_wrap,
        reason = "numbers are cut as every decoder of protobuf cuts them"
    )]
    fn value(&self, kind: &Kind, raw: Raw<'_>, depth: usize) -> Option<Tree> {
        let kind = if let Kind::Optional(kind) = kind { kind } else { kind };
        Some(match (kind, raw) {
            (Kind::Bool, Raw::Varint(number)) => Tree::Plain((number != 0).to_string()),
            (Kind::Int32, Raw::Varint(number)) => Tree::Plain((number as i32).to_string()),
            (Kind::Uint32, Raw::Varint(number)) => Tree::Plain((number as u32).to_string()),
            (Kind::Sint32, Raw::Varint(number)) => {
                Tree::Plain((zigzag(u64::from(number as u32)) as i32).to_string())
            }
            (Kind::Int64, Raw::Varint(number)) | (Kind::Sfixed64, Raw::Fixed64(number)) => {
                Tree::Text((number as i64).to_string())
            }
            (Kind::Uint64, Raw::Varint(number)) | (Kind::Fixed64, Raw::Fixed64(number)) => {
                Tree::Text(number.to_string())
            }
            (Kind::Sint64, Raw::Varint(number)) => Tree::Text(zigzag(number).to_string()),
            (Kind::Fixed32, Raw::Fixed32(number)) => Tree::Plain(number.to_string()),
            (Kind::Sfixed32, Raw::Fixed32(number)) => Tree::Plain((number as i32).to_string()),
            (Kind::Float, Raw::Fixed32(bits)) => {
                let number = f32::from_bits(bits);
                float(f64::from(number), || number.to_string())
            }
            (Kind::Double, Raw::Fixed64(bits)) => {
                let number = f64::from_bits(bits);
                float(number, || number.to_string())
            }
            (Kind::Text, Raw::Bytes(bytes)) => {
                Tree::Text(std::str::from_utf8(bytes).ok()?.to_owned())
            }
            (Kind::Bytes, Raw::Bytes(bytes)) => Tree::Text(STANDARD.encode(bytes)),
            (Kind::Timestamp, Raw::Bytes(bytes)) => {
                Tree::Text(prost_types::Timestamp::decode(bytes).ok()?.to_string())
            }
            (Kind::Duration, Raw::Bytes(bytes)) => {
                Tree::Text(prost_types::Duration::decode(bytes).ok()?.to_string())
            }
            (Kind::Enumeration(name), Raw::Varint(number)) => {
                let number = number as i32;
                name(number).map_or_else(|| Tree::Plain(number.to_string()), Tree::Text)
            }
            (Kind::Message(type_name), Raw::Bytes(bytes)) => {
                match self.catalog.of_type(type_name()) {
                    Some(fields) => self.fields(fields, bytes, depth + 1)?,
                    None if bytes.is_empty() => Tree::Object(Vec::new()),
                    // Generated from a `.proto`: its fields have no names here.
                    None => raw.show(),
                }
            }
            _ => return None,
        })
    }
}

impl FieldKind {
    fn has(&self, tag: u32) -> bool {
        match self.kind {
            Kind::Oneof(variants) => variants.iter().any(|variant| variant.tag == tag),
            _ => self.tag == tag,
        }
    }
}

/// How numbers of a kind are written that share one tag.
fn packed(kind: &Kind) -> Option<WireType> {
    Some(match kind {
        Kind::Bool
        | Kind::Int32
        | Kind::Int64
        | Kind::Uint32
        | Kind::Uint64
        | Kind::Sint32
        | Kind::Sint64
        | Kind::Enumeration(_) => WireType::Varint,
        Kind::Float | Kind::Fixed32 | Kind::Sfixed32 => WireType::ThirtyTwoBit,
        Kind::Double | Kind::Fixed64 | Kind::Sfixed64 => WireType::SixtyFourBit,
        _ => return None,
    })
}

#[expect(clippy::cast_possible_wrap, reason = "the encoding of `sint`")]
fn zigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// JSON has no number for what is not finite.
fn float(number: f64, text: impl FnOnce() -> String) -> Tree {
    if number.is_nan() {
        Tree::Text("NaN".to_owned())
    } else if number.is_infinite() {
        Tree::Text(if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned())
    } else {
        Tree::Plain(text())
    }
}

fn by_number_or_text(one: &str, other: &str) -> Ordering {
    match (one.parse::<i128>(), other.parse::<i128>()) {
        (Ok(one), Ok(other)) => one.cmp(&other),
        _ => one.cmp(other),
    }
}
