//! Messages whose types are not known here: JSON where they are JSON, and else the fields of protobuf by their numbers.

mod wire;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// A message, as far as it can be read without its type.
#[derive(Debug)]
pub(crate) struct Shown {
    type_name: String,
    size: usize,
    /// What it is: JSON, fields by their numbers, or nothing that can be read.
    value: Option<Value>,
    is_encrypted: bool,
}

/// Encrypted records begin with it, and no message does.
const ENCRYPTED: u8 = 0;

impl Shown {
    pub(crate) fn new(type_name: &str, bytes: &[u8], is_encrypted: bool) -> Self {
        let is_encrypted = is_encrypted && bytes.first() == Some(&ENCRYPTED);
        let value = if is_encrypted { None } else { read(type_name, bytes) };
        Self { type_name: type_name.to_owned(), size: bytes.len(), value, is_encrypted }
    }

    pub(crate) fn json(&self, bytes: &[u8]) -> Value {
        let mut shown = json!({ "type": self.type_name, "size": self.size });
        if self.is_encrypted {
            shown["encrypted"] = true.into();
        }
        match &self.value {
            Some(value) if self.is_json() => shown["json"] = value.clone(),
            Some(value) => shown["fields"] = value.clone(),
            None => shown["base64"] = STANDARD.encode(bytes).into(),
        }
        shown
    }

    fn is_json(&self) -> bool {
        is_json(&self.type_name)
    }

    /// In one line, cut off after so many characters.
    pub(crate) fn line(&self, most: usize) -> String {
        let text = match &self.value {
            _ if self.is_encrypted => "(encrypted)".to_owned(),
            Some(value) if self.is_json() => value.to_string(),
            Some(value) => wire::line(value),
            None => format!("({} bytes that are no message)", self.size),
        };
        if text.chars().count() <= most {
            return text;
        }
        text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
    }

    /// In several lines.
    pub(crate) fn lines(&self) -> Vec<String> {
        match &self.value {
            Some(value) if self.is_json() => {
                let text = serde_json::to_string_pretty(value).unwrap_or_default();
                text.lines().map(str::to_owned).collect()
            }
            Some(value) => wire::lines(value),
            None => vec![self.line(usize::MAX)],
        }
    }
}

fn is_json(type_name: &str) -> bool {
    type_name == "spawn.Json" || type_name.starts_with("spawn.json.")
}

fn read(type_name: &str, bytes: &[u8]) -> Option<Value> {
    if is_json(type_name) { serde_json::from_slice(bytes).ok() } else { wire::fields(bytes) }
}
