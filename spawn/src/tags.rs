//! Tags: pairs of text by which actors are found.

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind, Result};

/// Keys and values, such as `region` and `eu`.
///
/// What `#[actor(tags = { region = "eu" })]` declares are the tags of an actor until it sets others with
/// [`Value::tags`](crate::Value::tags). [`System::find`](crate::System::find) finds actors by them.
pub type Tags = BTreeMap<String, String>;

/// How many tags an actor may have.
const MOST: usize = 64;

/// The longest key, in bytes.
const LONGEST_KEY: usize = 128;

/// The longest value, in bytes.
const LONGEST_VALUE: usize = 512;

/// Whether an actor can have these tags.
pub(crate) fn check(tags: &Tags) -> Result<()> {
    let fault = if tags.len() > MOST {
        format!("an actor has at most {MOST} tags, not {}", tags.len())
    } else if tags.contains_key("") {
        "the key of a tag is empty".to_owned()
    } else if let Some(key) = tags.keys().find(|key| key.len() > LONGEST_KEY) {
        format!("the key {key:?} of a tag is longer than {LONGEST_KEY} bytes")
    } else if let Some((key, _)) = tags.iter().find(|(_, value)| value.len() > LONGEST_VALUE) {
        format!("the value of the tag {key:?} is longer than {LONGEST_VALUE} bytes")
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::InvalidName, fault))
}
