//! Messages as JSON, by what is known of their types.

mod catalog;
mod decode;
mod tree;

use std::borrow::Cow;

use serde::Serialize;
use serde_json::value::RawValue;

use self::catalog::Catalog;

/// A message as it is shown.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    #[serde(rename = "type")]
    type_name: String,
    /// In bytes, as it is encoded.
    size: usize,
    /// Of a type that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<Box<RawValue>>,
    /// The first bytes, of any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    hex: Option<String>,
}

/// How many bytes of a message are shown as they are.
const HEX: usize = 1_024;

/// How large a message may be to be shown as JSON in a list.
pub(super) const IN_LIST: usize = 16 * 1_024;

/// How large a message may be to be shown as JSON by itself.
pub(super) const ALONE: usize = 1_024 * 1_024;

impl Shown {
    /// `most` is how large it may be to be shown as JSON.
    pub(super) fn new(type_name: &str, bytes: &[u8], most: usize) -> Self {
        let json = (bytes.len() <= most).then(|| json(type_name, bytes)).flatten();
        let hex = json.is_none().then(|| hex(bytes.get(..HEX).unwrap_or(bytes)));
        Self { type_name: type_name.to_owned(), size: bytes.len(), json, hex }
    }
}

fn json(type_name: &str, bytes: &[u8]) -> Option<Box<RawValue>> {
    let is_json = type_name == "spawn.Json" || type_name.starts_with("spawn.json.");
    let text: Cow<'_, str> = if is_json {
        std::str::from_utf8(bytes).ok()?.into()
    } else {
        decode::message(Catalog::get(), type_name, bytes)?.to_string().into()
    };
    // Whatever is in the store, an answer is JSON.
    RawValue::from_string(text.into_owned()).ok()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a `String` does not fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
