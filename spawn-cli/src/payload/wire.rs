//! The fields of a message of protobuf, by their numbers.
//!
//! The encoding says less than the type: bytes may be text, a message or numbers. What can be read as text is taken for text, what can
//! be read as a message for a message; a number is shown as it is written, so that one of type `sint` is twice what it means.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prost::encoding::{WireType, decode_key, decode_varint};
use serde_json::{Map, Value, json};

/// How deep messages may be inside of each other.
const DEEPEST: usize = 32;

/// The fields; `None` if the bytes are no message.
pub(super) fn fields(bytes: &[u8]) -> Option<Value> {
    message(bytes, 0).map(Value::Object)
}

fn message(mut bytes: &[u8], depth: usize) -> Option<Map<String, Value>> {
    if depth > DEEPEST {
        return None;
    }
    let mut found: Vec<(u32, Vec<Value>)> = Vec::new();
    while !bytes.is_empty() {
        let (tag, wire) = decode_key(&mut bytes).ok()?;
        let value = value(wire, &mut bytes, depth)?;
        match found.iter_mut().find(|(it, _)| *it == tag) {
            Some((_, values)) => values.push(value),
            None => found.push((tag, vec![value])),
        }
    }
    let one = |(tag, mut values): (u32, Vec<Value>)| {
        let value = if values.len() == 1 { values.remove(0) } else { Value::Array(values) };
        (tag.to_string(), value)
    };
    Some(found.into_iter().map(one).collect())
}

fn value(wire: WireType, rest: &mut &[u8], depth: usize) -> Option<Value> {
    Some(match wire {
        WireType::Varint => {
            let number = decode_varint(rest).ok()?;
            // A negative number is written as one that is larger than any other.
            json!(number.cast_signed())
        }
        WireType::ThirtyTwoBit => float(f64::from(f32::from_le_bytes(*take(rest)?))),
        WireType::SixtyFourBit => float(f64::from_le_bytes(*take(rest)?)),
        WireType::LengthDelimited => {
            let length = usize::try_from(decode_varint(rest).ok()?).ok()?;
            let (bytes, after) = rest.split_at_checked(length)?;
            *rest = after;
            text_or_message(bytes, depth)
        }
        WireType::StartGroup | WireType::EndGroup => return None,
    })
}

fn text_or_message(bytes: &[u8], depth: usize) -> Value {
    let text = std::str::from_utf8(bytes).ok();
    if let Some(text) = text.filter(|text| !text.chars().any(|it| it.is_control() && it != '\n')) {
        return text.into();
    }
    if let Some(fields) = message(bytes, depth + 1) {
        return Value::Object(fields);
    }
    json!({ "base64": STANDARD.encode(bytes) })
}

fn float(number: f64) -> Value {
    // JSON has no number for what is not finite.
    if number.is_finite() { json!(number) } else { json!(number.to_string()) }
}

fn take<'b, const N: usize>(rest: &mut &'b [u8]) -> Option<&'b [u8; N]> {
    let (bytes, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(bytes)
}

/// As `1: "text", 2: 5, 3: {1: 7}`.
pub(super) fn line(value: &Value) -> String {
    match value {
        Value::Object(fields) if is_bytes(fields) => format!("bytes {}", fields["base64"]),
        Value::Object(fields) => {
            let fields = in_order(fields).map(|(tag, value)| format!("{tag}: {}", inner(value)));
            fields.collect::<Vec<_>>().join(", ")
        }
        _ => inner(value),
    }
}

fn inner(value: &Value) -> String {
    match value {
        Value::Object(fields) if is_bytes(fields) => line(value),
        Value::Object(_) => format!("{{{}}}", line(value)),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(inner).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn is_bytes(fields: &Map<String, Value>) -> bool {
    fields.len() == 1 && fields.contains_key("base64")
}

/// By their numbers, not by the digits of these.
fn in_order(fields: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    let mut fields: Vec<_> = fields.iter().map(|(tag, value)| (tag.as_str(), value)).collect();
    fields.sort_by_key(|(tag, _)| tag.parse::<u32>().unwrap_or(u32::MAX));
    fields.into_iter()
}

/// A field in each line, and what is in it below.
pub(super) fn lines(value: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    if let Value::Object(fields) = value {
        write(fields, 0, &mut lines);
    }
    lines
}

fn write(fields: &Map<String, Value>, depth: usize, lines: &mut Vec<String>) {
    for (tag, value) in in_order(fields) {
        let values = match value {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        };
        for value in values {
            let indent = "  ".repeat(depth);
            match value {
                Value::Object(inside) if !is_bytes(inside) => {
                    lines.push(format!("{indent}{tag}:"));
                    write(inside, depth + 1, lines);
                }
                value => lines.push(format!("{indent}{tag}: {}", inner(value))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{fields, line, lines};

    proptest! {
        #[test]
        fn any_bytes_are_shown_or_are_no_message(bytes in any::<Vec<u8>>()) {
            if let Some(found) = fields(&bytes) {
                prop_assert_eq!(line(&found).is_empty(), bytes.is_empty());
                prop_assert!(lines(&found).len() >= usize::from(!bytes.is_empty()));
            }
        }
    }

    #[test]
    fn fields_have_their_numbers() {
        // 1: 150, 2: "testing", 3: { 1: 5 }, 4: 1.5 (f64), 5: 0xff, 3 again
        let bytes = [
            &[0x08, 0x96, 0x01][..],
            b"\x12\x07testing",
            &[0x1a, 0x02, 0x08, 0x05],
            &[0x21, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f],
            &[0x2a, 0x01, 0xff],
            &[0x1a, 0x02, 0x08, 0x06],
        ]
        .concat();
        let read = fields(&bytes).unwrap();
        let wanted = json!({
            "1": 150, "2": "testing", "3": [{ "1": 5 }, { "1": 6 }], "4": 1.5, "5": { "base64": "/w==" },
        });
        assert_eq!(read, wanted);
        assert_eq!(
            line(&read),
            "1: 150, 2: \"testing\", 3: [{1: 5}, {1: 6}], 4: 1.5, 5: bytes \"/w==\""
        );
        let shown = [
            "1: 150",
            "2: \"testing\"",
            "3:",
            "  1: 5",
            "3:",
            "  1: 6",
            "4: 1.5",
            "5: bytes \"/w==\"",
        ];
        assert_eq!(lines(&read), shown);
    }

    #[test]
    fn what_is_no_message_is_told_apart() {
        assert_eq!(fields(&[]), Some(json!({})));
        for bytes in [&[0x08][..], &[0x12, 5, b'a'], &[0x0b], &[0xff; 12], &[0x00, 0x01]] {
            assert_eq!(fields(bytes), None, "{bytes:?}");
        }
        // A message in a message in a message, deeper than anybody writes it.
        let mut bytes = vec![0x08, 0x01];
        for _ in 0..60 {
            bytes = [&[0x0a, u8::try_from(bytes.len()).unwrap()][..], &bytes].concat();
        }
        assert!(fields(&bytes).is_some_and(|it| it != Value::Null), "it ends somewhere");
    }

    #[test]
    fn a_negative_number_is_one() {
        let bytes = [&[0x08][..], &[0xff; 9], &[0x01]].concat();
        assert_eq!(fields(&bytes), Some(json!({ "1": -1 })));
    }
}
