//! What travels beside a message.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Pairs of text that travel with a call, and with every call and event that the action makes because of it.
///
/// A clone is cheap.
/// # Examples
///
/// ```
/// use spawn::Metadata;
///
/// let mut metadata = Metadata::new();
/// metadata.insert("trace", "42");
/// assert_eq!(metadata.get("trace"), Some("42"));
/// assert_eq!(metadata.iter().count(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(Option<Arc<BTreeMap<String, String>>>);

impl Metadata {
    /// No pairs.
    pub const fn new() -> Self {
        Self(None)
    }

    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.as_ref()?.get(key).map(String::as_str)
    }

    /// The pairs, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .flat_map(|pairs| pairs.iter())
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// These pairs, and those of `other` in place of what has the same key.
    pub(crate) fn with(&self, other: &Self) -> Self {
        let mut all = self.clone();
        for (key, value) in other.iter().filter(|(key, value)| self.get(key) != Some(value)) {
            all.insert(key, value);
        }
        all
    }

    /// Whether there are no pairs.
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|pairs| pairs.is_empty())
    }

    /// Sets the value of `key`, in this copy alone.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<String>) {
        Arc::make_mut(self.0.get_or_insert_default()).insert(key.into(), value.into());
    }
}
